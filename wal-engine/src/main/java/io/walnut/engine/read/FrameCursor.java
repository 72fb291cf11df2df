package io.walnut.engine.read;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.ChunkDirectory;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.SparseIndex;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks the frames of one segment in order. A frame is handed out only after its check, the checksum of its body and its
 * bounds have been verified; nothing is allocated by what a length claims before that. Readers and recovery use the same
 * cursor. For one thread at a time.
 */
public final class FrameCursor {
    /** What a step found. */
    public enum Step {
        /** A whole, valid frame. */
        FRAME,
        /** Nothing more up to the limit. */
        END,
        /** Zeros where a frame would begin. */
        ZEROS,
        /** Something that is not the frame that belongs here; {@link #problem()} says why. */
        INVALID
    }

    private final Frame.Checker checker = new Frame.Checker();
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer;
    private ByteBuffer crcView;
    private @Nullable StorageFile file;
    private long salt;
    private long windowStart;
    private int windowLength;

    private long frame;
    private long next;
    private long sequence;
    private int lastCheck;
    private int checkBefore;
    private boolean chained;

    private int at;
    private int length;
    private int type;
    private int flags;
    private int codec;
    private long timestamp;
    private long ttl;
    private long term;
    private long index;
    private int keyAt;
    private int keyBytes;
    private int valueBytes;
    private int plainBytes;
    private long claimedEnd;
    private boolean headHolds;
    private int headCheck;
    private long headSequence;
    private String problem = "";

    /** A cursor with a buffer, to be {@linkplain #start started} in a segment. */
    public FrameCursor(int bufferBytes) {
        this.buffer = Bytes.allocateDirect(bufferBytes);
        this.crcView = buffer.duplicate();
    }

    /** Goes before the first frame of a segment, keeping the buffer. */
    public void start(StorageFile segment, long itsSalt) {
        file = segment;
        salt = itsSalt;
        windowLength = 0;
        next = SegmentHeader.BYTES;
        chained = false;
        frame = next;
        sequence = 0;
        lastCheck = 0;
    }

    /** After {@link #start}: sets what the damaged OPEN frame of a segment would tell. */
    public void expect(long nextSequence, int previousCheck) {
        sequence = nextSequence;
        lastCheck = previousCheck;
    }

    /** Reads the file anew for the next frame: what it holds there has changed. */
    public void forget() {
        windowLength = 0;
    }

    /** Goes to the record of an index entry. */
    public void seek(SparseIndex entries, int entry) {
        seek(entries.offset(entry), entries.sequence(entry), entries.previousCheck(entry));
    }

    /** Goes to a frame of which the sequence of the next record and the check before it are known. */
    public void seek(long offset, long nextSequence, int previousCheck) {
        skip(offset, nextSequence, previousCheck);
        forget();
    }

    /** As {@link #seek(long, long, int)} in a file that does not change: what was read of it already still counts. */
    public void skip(long offset, long nextSequence, int previousCheck) {
        next = offset;
        sequence = nextSequence;
        lastCheck = previousCheck;
        chained = true;
        frame = next;
    }

    /**
     * Moves to the next frame.
     *
     * @param limit what lies at or beyond it is not looked at
     */
    public Step next(long limit) throws IOException {
        if (next >= limit) {
            return Step.END;
        }
        frame = next;
        claimedEnd = -1;
        headHolds = false;
        long room = limit - frame;
        if (room < Frame.HEAD || !load(Frame.HEAD, limit)) {
            return cutOff(room, limit);
        }
        long word = buffer.getLong(at);
        if (word == 0) {
            return Step.ZEROS;
        }
        length = (int) word;
        int check = (int) (word >>> 32);
        int kind = buffer.getInt(at + Frame.KIND_AT);
        int bodyCrc = buffer.getInt(at + 8);
        type = kind & 0xFF;
        flags = kind >>> 8 & 0xFF;
        codec = kind >>> 16 & 0xFF;
        if (length < Frame.HEAD) {
            return invalid("a frame's length is " + length);
        }
        int previous = lastCheck;
        long ownSequence = sequence;
        if (type == FrameType.OPEN) {
            if (length != OpenFrame.LENGTH) {
                return invalid("an OPEN frame has a wrong length");
            }
            claimedEnd = frame + OpenFrame.LENGTH;
            if (room < length || !load(length, limit)) {
                return invalid("an OPEN frame is cut off by the end of the file");
            }
            OpenFrame open = OpenFrame.read(buffer, at);
            previous = open.previousCheck();
            ownSequence = open.baseSequence();
        } else if (!chained) {
            return invalid("a segment does not begin with an OPEN frame");
        }
        if (checker.check(salt, frame, ownSequence, length, kind, bodyCrc, previous) != check) {
            if (kind == 0 && bodyCrc == 0) {
                claimedEnd = frame + Long.BYTES;
            }
            return invalid("the check of a frame's head does not hold");
        }
        if (chained && (previous != lastCheck || ownSequence != sequence)) {
            claimedEnd = -1;
            return invalid("an OPEN frame does not belong behind the frame before it");
        }
        long aligned = Bytes.align((long) length);
        claimedEnd = frame + aligned;
        headHolds = true;
        headCheck = check;
        headSequence = ownSequence;
        if (aligned > room || !load((int) aligned, limit)) {
            return invalid("a frame of " + length + " bytes is cut off by the end of the file");
        }
        crc.reset();
        crc.update(crcView.limit(at + length).position(at + Frame.KIND_AT));
        if ((int) crc.getValue() != bodyCrc) {
            return invalid("the checksum of a frame's body does not hold");
        }
        if (length < aligned && buffer.getLong(at + (int) aligned - Long.BYTES) >>> Byte.SIZE * (length & 7) != 0) {
            return invalid("the space behind a frame is not zero");
        }
        if (!parse()) {
            return invalid("a frame is malformed: type " + type + ", flags " + flags + ", length " + length);
        }
        checkBefore = previous;
        lastCheck = check;
        sequence = FrameType.isRecord(type) ? ownSequence + 1 : ownSequence;
        chained = true;
        next = claimedEnd;
        return Step.FRAME;
    }

    /**
     * Moves behind an invalid frame of which only the body is damaged.
     *
     * @return false if its head does not hold, so that nobody knows where it ends
     */
    public boolean skipBody() {
        if (!headHolds) {
            return false;
        }
        skip(claimedEnd, FrameType.isRecord(type) ? headSequence + 1 : headSequence, headCheck);
        return true;
    }

    private Step cutOff(long room, long limit) throws IOException {
        if (room >= Long.BYTES && load(Long.BYTES, limit)) {
            if (buffer.getLong(at) == 0) {
                return Step.ZEROS;
            }
            claimedEnd = frame + Long.BYTES;
        }
        return invalid("a frame is cut off by the end of the file");
    }

    private Step invalid(String why) {
        problem = why;
        return Step.INVALID;
    }

    private boolean parse() {
        switch (type) {
            case FrameType.PUT:
            case FrameType.DELETE:
                return parseRecord() && (!isStreamed() || type == FrameType.PUT && directory() != null);
            case FrameType.CHUNK:
                return parseRecord() && flags == 0 && keyBytes == 0;
            case FrameType.OPEN:
                return flags == 0 && codec == 0;
            case FrameType.MARK:
                return flags == 0 && codec == 0 && length == MarkFrame.LENGTH;
            case FrameType.FOOTER:
                return flags == 0 && codec == 0 && length >= Footer.length(0);
            default:
                return false;
        }
    }

    private int fieldAt;

    private boolean parseRecord() {
        int end = at + length;
        fieldAt = at + Frame.HEAD + 8;
        if ((flags & ~Frame.KNOWN_FLAGS) != 0 || fieldAt > end) {
            return false;
        }
        timestamp = buffer.getLong(at + Frame.HEAD);
        long key = varint(end);
        long stored = varint(end);
        long plain = codec == 0 ? stored : varint(end);
        ttl = (flags & Frame.HAS_TTL) != 0 ? varint(end) : 0;
        term = (flags & Frame.HAS_VERSION) != 0 ? varint(end) : -1;
        index = (flags & Frame.HAS_VERSION) != 0 ? varint(end) : -1;
        if (fieldAt < 0
                || key < 0
                || stored < 0
                || plain < 0
                || key > end - fieldAt
                || stored != end - fieldAt - key
                || plain > Integer.MAX_VALUE - 64
                || ttl < 0) {
            return false;
        }
        keyAt = fieldAt;
        keyBytes = (int) key;
        valueBytes = (int) stored;
        plainBytes = (int) plain;
        return true;
    }

    private long varint(int end) {
        long value = 0;
        for (int shift = 0; shift < 64 && fieldAt >= 0 && fieldAt < end; shift += 7) {
            byte b = buffer.get(fieldAt++);
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        fieldAt = Integer.MIN_VALUE;
        return -1;
    }

    /** Has the bytes from the current frame on in the buffer, and sets where; false if the file is too short. */
    private boolean load(int bytes, long limit) throws IOException {
        long offset = frame - windowStart;
        if (offset >= 0 && windowLength - offset >= bytes) {
            at = (int) offset;
            return true;
        }
        return read(bytes, limit);
    }

    private boolean read(int bytes, long limit) throws IOException {
        long offset = frame - windowStart;
        int kept = offset < 0 || offset > windowLength ? 0 : (int) (windowLength - offset);
        int from = kept == 0 ? 0 : (int) offset;
        buffer.limit(from + kept).position(from);
        if (bytes > buffer.capacity()) {
            buffer = Bytes.allocateDirect(Math.max(bytes, (int) Math.min(2L * buffer.capacity(), 1 << 30)))
                    .put(buffer);
            crcView = buffer.duplicate();
        } else {
            buffer.compact();
        }
        windowStart = frame;
        windowLength = kept;
        at = 0;
        int readable = (int) Math.min(buffer.capacity(), limit - frame);
        StorageFile source = Objects.requireNonNull(file, "start() has not been called");
        while (windowLength < bytes) {
            int got = source.read(buffer.limit(readable).position(windowLength), windowStart + windowLength);
            if (got <= 0) {
                break;
            }
            windowLength += got;
        }
        buffer.clear();
        return windowLength >= bytes;
    }

    /** {@return the file that the cursor was started in} */
    StorageFile file() {
        return Objects.requireNonNull(file, "start() has not been called");
    }

    /** {@return the salt of the segment} */
    long salt() {
        return salt;
    }

    /** {@return where the current frame, or what stands in place of it, starts} */
    public long offset() {
        return frame;
    }

    /** {@return where the next frame would start} */
    public long nextOffset() {
        return next;
    }

    /** {@return the sequence of the next record} */
    public long nextSequence() {
        return sequence;
    }

    /** {@return the sequence of the current record} */
    public long sequence() {
        return sequence - 1;
    }

    /** {@return the check of the current frame} */
    public int check() {
        return lastCheck;
    }

    /** {@return the check of the frame before the current one} */
    public int checkBefore() {
        return checkBefore;
    }

    /** {@return the type of the current frame} */
    public int type() {
        return type;
    }

    /** {@return whether the current frame is a record} */
    public boolean isRecord() {
        return FrameType.isRecord(type);
    }

    /** {@return whether the value of the current record was appended as a stream, and is in other frames} */
    public boolean isStreamed() {
        return (flags & Frame.STREAMED) != 0;
    }

    /** {@return where the parts of the current record's value are, or null if there is no valid directory} */
    public @Nullable ChunkDirectory directory() {
        int from = keyAt + keyBytes;
        return isStreamed() && codec == 0
                ? ChunkDirectory.read(
                        buffer.duplicate().limit(from + valueBytes).position(from))
                : null;
    }

    /** {@return the flags of the current frame} */
    public int flags() {
        return flags;
    }

    /** {@return the codec of the current record's value} */
    public int codec() {
        return codec;
    }

    /** {@return when the current record was stamped, in nanoseconds since 1970} */
    public long timestamp() {
        return timestamp;
    }

    /** {@return the time to live of the current record in nanoseconds, 0 for none} */
    public long ttl() {
        return ttl;
    }

    /** {@return when the current record expires, {@code Long.MAX_VALUE} for never} */
    public long expiry() {
        return ttl == 0 || timestamp + ttl < timestamp ? Long.MAX_VALUE : timestamp + ttl;
    }

    /** {@return the term of the current record, -1 for none} */
    public long term() {
        return term;
    }

    /** {@return the index of the current record, -1 for none} */
    public long index() {
        return index;
    }

    /** {@return where in the {@link #buffer()} the current record's key is; its value follows} */
    public int keyAt() {
        return keyAt;
    }

    /** {@return the size of the key} */
    public int keyBytes() {
        return keyBytes;
    }

    /** {@return the size of the value as it is stored} */
    public int valueBytes() {
        return valueBytes;
    }

    /** {@return the size of the value as it was given} */
    public int plainBytes() {
        return plainBytes;
    }

    /** {@return the buffer that holds the current frame; another object after a frame that did not fit} */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * {@return where an invalid frame would end: as its head says, if that holds, or an OPEN frame's; behind its first word,
     * if nothing of its head follows that; else a negative number}
     */
    public long claimedEnd() {
        return claimedEnd;
    }

    /** {@return what was wrong with the last invalid step} */
    public String problem() {
        return problem;
    }

    /** {@return the OPEN frame that the cursor stands on, or null} */
    public @Nullable OpenFrame open() {
        return type == FrameType.OPEN ? OpenFrame.read(buffer, at) : null;
    }

    /** {@return the MARK frame that the cursor stands on, or null} */
    public @Nullable MarkFrame mark() {
        return type == FrameType.MARK ? MarkFrame.read(buffer, at) : null;
    }

    /** {@return the footer that the cursor stands on, or null if it stands on none or that is malformed} */
    public @Nullable Footer footer() {
        return type == FrameType.FOOTER
                ? Footer.read(
                        salt,
                        frame,
                        buffer.duplicate()
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .position(at)
                                .slice()
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .limit(length))
                : null;
    }
}
