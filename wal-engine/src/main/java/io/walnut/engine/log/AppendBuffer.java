package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.MarkFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The frames of one append: everything but their checks, which depend on where they go. Before them there is room for a
 * MARK frame, so that both can be stored at once. Reused; belongs to one append at a time.
 */
final class AppendBuffer {
    static final int FRAMES_AT = MarkFrame.LENGTH;

    private byte[] bytes = new byte[2048];
    private ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] scratch = new byte[0];
    private long[] expiries = new long[1];
    private final CRC32C crc = new CRC32C();
    private int end;
    private int frames;

    /** Set by the appender: where the first record is. */
    long place;

    /** Set by the appender: just past the last record. */
    long endPlace;

    /** Set by the appender: how many bytes are not forced, these included. */
    long pendingBytes;

    void clear() {
        end = FRAMES_AT;
        frames = 0;
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

    long expiry(int frame) {
        return expiries[frame];
    }

    int capacity() {
        return bytes.length + scratch.length;
    }

    /** {@return where the next frame starts, with room for so many bytes; its head is written by {@link #endFrame}} */
    int startFrame(int maxBytes) {
        int needed = end + maxBytes + 8;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, 1 << 30)));
            view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        return end;
    }

    void endFrame(int start, int frameEnd, int kind, long expiry) {
        int length = frameEnd - start;
        int aligned = start + Bytes.align(length);
        for (int i = frameEnd; i < aligned; i++) {
            bytes[i] = 0;
        }
        Bytes.putInt(bytes, start, length);
        setKind(start, kind);
        if (frames == expiries.length) {
            expiries = Arrays.copyOf(expiries, 2 * frames);
        }
        expiries[frames++] = expiry;
        end = aligned;
    }

    /** Sets type, flags and codec of a frame whose length is set, and so the checksum of its body. */
    void setKind(int start, int kind) {
        Bytes.putInt(bytes, start + Frame.KIND_AT, kind);
        crc.reset();
        crc.update(bytes, start + Frame.KIND_AT, Bytes.getInt(bytes, start) - Frame.KIND_AT);
        Bytes.putInt(bytes, start + 8, (int) crc.getValue());
    }

    /** {@return an array of at least this size, for use until the next call} */
    byte[] scratch(int size) {
        if (scratch.length < size) {
            scratch = new byte[size];
        }
        return scratch;
    }
}
