package io.walnut.engine.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The FOOTER frame: the last frame of a sealed segment. It is written only after everything before it has been forced,
 * so <em>a footer means durable</em>, and it tells what the segment holds without reading it.
 *
 * <pre>
 *   16  flags            u32  {@link #SUCCESSOR}: a segment after this one must exist;
 *                             {@link #CLOSED}: the log was closed in order, nothing was ever behind it
 *   20  previousCheck    u32  the check of the last frame before
 *   24  baseSequence     u64  the sequence of the first record in the segment, or of the next one if it holds none
 *   32  records          u64
 *   40  firstRecord      u64  where the first record starts; equal to recordsEnd if there is none
 *   48  recordsEnd       u64  just past the last record
 *   56  firstTimestamp   i64  nanoseconds since 1970; 0 without records
 *   64  maxTimestamp     i64  the greatest timestamp; Long.MIN_VALUE without records
 *   72  maxExpiry        i64  when the last record expires; Long.MAX_VALUE if one never does
 *   80  indexEntries     u32
 *   84  reach            u32  the oldest segment that holds a part of a value whose record is in this one, 0 for none
 *   88  index            32 bytes an entry, see {@link SparseIndex}
 *   ..  start            u64  where this frame starts
 *   ..  magic            u64  {@code "WALNUTFT"}: the last 8 bytes of the file
 * </pre>
 *
 * @param flags {@link #SUCCESSOR}, {@link #CLOSED}
 * @param previousCheck the check of the last frame before
 * @param contents what the segment holds
 * @param start where the frame starts: the end of the chain before it
 * @param check its own check
 */
public record Footer(int flags, int previousCheck, SegmentContents contents, long start, int check) {
    /** A segment after this one must exist. */
    public static final int SUCCESSOR = 1;

    /**
     * The log was closed in order: no position behind this footer was ever handed out, so the segment can be continued. A
     * footer that recovery writes says no such thing.
     */
    public static final int CLOSED = 2;

    private static final long MAGIC = 0x54465455_4E4C4157L; // "WALNUTFT" read little-endian
    private static final int FIXED = Frame.HEAD + 72;
    private static final int TRAILER = 16;

    /** {@return the length of a footer with so many index entries, a multiple of 8} */
    public static int length(int indexEntries) {
        return FIXED + indexEntries * SparseIndex.ENTRY + TRAILER;
    }

    /** {@return whether a segment after this one must exist} */
    public boolean successor() {
        return (flags & SUCCESSOR) != 0;
    }

    /** {@return whether the segment can be continued} */
    public boolean closed() {
        return (flags & CLOSED) != 0;
    }

    /** {@return where the frame ends} */
    public long end() {
        return start + length(contents.index().size());
    }

    /**
     * Draws a footer.
     *
     * @param salt the segment's
     * @param start where it goes
     * @param flags {@link #SUCCESSOR}, {@link #CLOSED}
     * @param previousCheck the check of the last frame before
     * @param contents what the segment holds
     * @return the bytes of the frame
     */
    public static byte[] bytes(long salt, long start, int flags, int previousCheck, SegmentContents contents) {
        SparseIndex index = contents.index();
        int length = length(index.size());
        byte[] bytes = new byte[length];
        Bytes.putInt(bytes, 16, flags);
        Bytes.putInt(bytes, 20, previousCheck);
        contents.write(bytes, 24);
        Bytes.putInt(bytes, 80, index.size());
        Bytes.putInt(bytes, 84, (int) contents.reach());
        index.write(bytes, FIXED);
        Bytes.putLong(bytes, length - 16, start);
        Bytes.putLong(bytes, length - 8, MAGIC);
        int kind = Frame.kind(FrameType.FOOTER, 0, 0);
        Bytes.putInt(bytes, Frame.KIND_AT, kind);
        int bodyCrc = Bytes.crc(bytes, Frame.KIND_AT, length - Frame.KIND_AT);
        Bytes.putInt(bytes, 8, bodyCrc);
        int check =
                new Frame.Checker().check(salt, start, contents.nextSequence(), length, kind, bodyCrc, previousCheck);
        Bytes.putLong(bytes, 0, Frame.word(length, check));
        return bytes;
    }

    /**
     * Where the footer of a file starts, by its last 16 bytes. Nothing is verified by that.
     *
     * @param trailer the last 16 bytes
     * @return the offset, or -1 if this is no trailer
     */
    public static long startFromTrailer(ByteBuffer trailer) {
        return trailer.getLong(trailer.limit() - 8) == MAGIC ? trailer.getLong(trailer.limit() - 16) : -1;
    }

    /**
     * Verifies the head of what may be a footer, and that its end names its start: everything but the checksum of the body.
     * Takes the same time whatever length is claimed.
     *
     * @param salt the segment's
     * @param start where it starts in the file
     * @param source little-endian; from its index 0 to its limit stands what may be a footer
     * @return whether {@link #read} has to look at the body
     */
    public static boolean headHolds(long salt, long start, ByteBuffer source) {
        int limit = source.limit();
        if (limit < length(0)) {
            return false;
        }
        int length = source.getInt(0);
        int kind = source.getInt(Frame.KIND_AT);
        int entries = source.getInt(80);
        if (kind != Frame.kind(FrameType.FOOTER, 0, 0)
                || entries < 0
                || entries > (limit - FIXED - TRAILER) / SparseIndex.ENTRY
                || length != length(entries)
                || source.getLong(length - 8) != MAGIC
                || source.getLong(length - 16) != start) {
            return false;
        }
        long nextSequence = source.getLong(24) + source.getLong(32);
        return source.getInt(4)
                == new Frame.Checker()
                        .check(salt, start, nextSequence, length, kind, source.getInt(8), source.getInt(20));
    }

    /**
     * Reads and verifies a footer.
     *
     * @param salt the segment's
     * @param start where it starts in the file
     * @param source little-endian; from its index 0 to its limit stands what may be a footer
     * @return the footer, or null if it is none or damaged
     */
    public static @Nullable Footer read(long salt, long start, ByteBuffer source) {
        if (!headHolds(salt, start, source)) {
            return null;
        }
        int length = source.getInt(0);
        CRC32C crc = new CRC32C();
        crc.update(source.duplicate().position(Frame.KIND_AT).limit(length));
        if ((int) crc.getValue() != source.getInt(8)) {
            return null;
        }
        SegmentContents contents = SegmentContents.read(source, 24, SparseIndex.read(source, FIXED, source.getInt(80)));
        if (contents == null
                || contents.firstRecord() < 0
                || contents.firstRecord() > contents.recordsEnd()
                || contents.recordsEnd() > start) {
            return null;
        }
        if (source.getInt(84) != 0) {
            contents.reach(Integer.toUnsignedLong(source.getInt(84)));
        }
        return new Footer(source.getInt(16), source.getInt(20), contents, start, source.getInt(4));
    }
}
