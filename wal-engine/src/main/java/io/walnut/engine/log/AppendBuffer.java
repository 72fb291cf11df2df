package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one append: everything but their checks, which depend on where they go. Before them there is room for a
 * MARK frame, so that both can be stored at once. Reused; belongs to one append at a time.
 */
final class AppendBuffer {
    static final int FRAMES_AT = MarkFrame.LENGTH;

    private byte[] bytes = new byte[2048];
    private ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] scratch = new byte[0];
    private final CRC32C crc = new CRC32C();
    private int end;
    private int frames;
    private int deletes;
    private int deletedBytes;
    private int greatestFrame;
    private long firstTimestamp;
    private long maxTimestamp;
    private long maxExpiry;
    private long reach;

    /** Whether what is appended is a part of a value and no record. */
    boolean chunk;

    /** For a part of a value and what closes it: how often the log may have been truncated before. Negative for others. */
    long truncations;

    /** Set by the appender for a part of a value: the sequence of the next record. */
    long sequence;

    /** Set by the appender for a part of a value: the check of the frame before it. */
    int checkBefore;

    /** How many values were compressed; says whose time is taken. */
    int sample;

    /** How many appends were not timed since one was. */
    int untimed;

    /** How often a record was stamped. */
    int stamps;

    /** How often the stack was probed, and what came of it: nothing, but the compiler must not know. */
    int probes;

    long probed;

    /** Set by the appender: where the first record is. */
    long place;

    /** Set by the appender: just past the last record; 0 as long as no record has a place. */
    long endPlace;

    /** Set by the appender: how many bytes are not forced, these included. */
    long pendingBytes;

    /** Completes the future of the append once it is durable; null for an append whose caller waits. */
    @Nullable
    Completion<?> completion;

    void clear() {
        end = FRAMES_AT;
        completion = null;
        endPlace = 0;
        frames = 0;
        deletes = 0;
        deletedBytes = 0;
        greatestFrame = 0;
        maxTimestamp = Long.MIN_VALUE;
        maxExpiry = Long.MIN_VALUE;
        reach = 0;
        chunk = false;
        truncations = -1;
    }

    /** The oldest segment that holds a part of the value, 0 if the value is here. */
    long reach() {
        return reach;
    }

    void reach(long segment) {
        reach = segment;
    }

    /** Returns whether the records have their place in the log. */
    boolean isPlaced() {
        return endPlace != 0;
    }

    /** {@return how many of the frames are deletions} */
    int deletes() {
        return deletes;
    }

    /** {@return how many bytes these take} */
    int deletedBytes() {
        return deletedBytes;
    }

    byte[] bytes() {
        return bytes;
    }

    /** {@return the array as a buffer over a part of it} */
    ByteBuffer view(int from, int length) {
        return view.limit(from + length).position(from);
    }

    /** {@return how many bytes the frames take} */
    int size() {
        return end - FRAMES_AT;
    }

    int frames() {
        return frames;
    }

    /** {@return how many bytes the greatest of the frames has} */
    int greatestFrame() {
        return greatestFrame;
    }

    /** {@return when the first of the records was stamped, nanoseconds since 1970} */
    long firstTimestamp() {
        return firstTimestamp;
    }

    /** {@return the latest stamp of a record} */
    long maxTimestamp() {
        return maxTimestamp;
    }

    /** {@return when the last of the records expires} */
    long maxExpiry() {
        return maxExpiry;
    }

    int capacity() {
        return bytes.length + scratch.length;
    }

    /**
     * Begins a frame of a type, flags and codec. They are stored before its body is: who checks the body soon after it was
     * written does not wait for them.
     *
     * @return where it starts, with room for so many bytes; the rest of its head is written by {@link #endFrame}
     */
    int startFrame(int kind, int maxBytes) {
        int needed = end + maxBytes + 8;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, 1 << 30)));
            view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        Bytes.putInt(bytes, end + Frame.KIND_AT, kind);
        return end;
    }

    /** Ends the frame of a record with a stamp and an expiry, or one that has neither. */
    void endFrame(int start, int frameEnd, long timestamp, long expiry) {
        int length = frameEnd - start;
        int aligned = start + Bytes.align(length);
        crc.reset();
        crc.update(bytes, start + Frame.KIND_AT, length - Frame.KIND_AT);
        for (int i = frameEnd; i < aligned; i++) {
            bytes[i] = 0;
        }
        Bytes.putInt(bytes, start, length);
        Bytes.putInt(bytes, start + 8, (int) crc.getValue());
        if (frames++ == 0) {
            firstTimestamp = timestamp;
        }
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        maxExpiry = Math.max(maxExpiry, expiry);
        greatestFrame = Math.max(greatestFrame, aligned - start);
        end = aligned;
        if (bytes[start + Frame.KIND_AT] == FrameType.DELETE) {
            deletes++;
            deletedBytes += aligned - start;
        }
    }

    /** {@return an array of at least this size, for use until the next call} */
    byte[] scratch(int size) {
        if (scratch.length < size) {
            scratch = new byte[size];
        }
        return scratch;
    }
}
