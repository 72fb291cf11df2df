package io.walnut.engine.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The first page of a segment.
 *
 * <pre>
 *      0  magic          8 bytes  {@code "WALNUT\r\n"}
 *      8  version        u16      the version of the format, 2; 1 is read too
 *     10  oldestReader   u16      the oldest version whose reader understands this file, 2: an older one would not look
 *                                 into the {@link StageNote STAGE} file
 *     12  pageBytes      u32      4096: where the frames begin
 *     16  log            16 bytes the UUID of the log, high half first, each half little-endian
 *     32  segment        u64      the number of the segment
 *     40  salt           u64      random, in every check of the segment
 *     48  created        i64      nanoseconds since 1970
 *     56  nodeIdBytes    u16      at most 128
 *     58  nodeId         UTF-8
 *   4092  crc            u32      CRC32C over the 4092 bytes before
 * </pre>
 *
 * @param log the UUID of the log
 * @param segment the number of the segment
 * @param salt random
 * @param createdNanos nanoseconds since 1970
 * @param nodeId who writes the log
 */
public record SegmentHeader(UUID log, long segment, long salt, long createdNanos, String nodeId) {
    /** The size of the page, and so the offset of the first frame. */
    public static final int BYTES = 4096;

    /** The greatest size of a node id. */
    public static final int MAX_NODE_ID = 128;

    /** The version of the format that this class writes. */
    public static final int VERSION = 2;

    private static final long MAGIC = 0x0A0D_5455_4E4C_4157L; // "WALNUT\r\n" read little-endian

    /** {@return the page} */
    public byte[] bytes() {
        byte[] page = new byte[BYTES];
        Bytes.putLong(page, 0, MAGIC);
        Bytes.putInt(page, 8, VERSION | VERSION << 16);
        Bytes.putInt(page, 12, BYTES);
        Bytes.putLong(page, 16, log.getMostSignificantBits());
        Bytes.putLong(page, 24, log.getLeastSignificantBits());
        Bytes.putLong(page, 32, segment);
        Bytes.putLong(page, 40, salt);
        Bytes.putLong(page, 48, createdNanos);
        byte[] node = nodeId.getBytes(StandardCharsets.UTF_8);
        page[56] = (byte) node.length;
        System.arraycopy(node, 0, page, 58, node.length);
        Bytes.putInt(page, BYTES - 4, Bytes.crc(page, 0, BYTES - 4));
        return page;
    }

    /**
     * Reads and verifies a header.
     *
     * @param page at least {@link #BYTES} bytes from index 0, little-endian
     * @return the header
     * @throws InvalidHeaderException if it is none, damaged, or of a version that cannot be read
     */
    public static SegmentHeader read(ByteBuffer page) throws InvalidHeaderException {
        if (page.limit() < BYTES) {
            throw new InvalidHeaderException("it is shorter than a header");
        }
        if (page.getLong(0) != MAGIC) {
            throw new InvalidHeaderException("it does not begin as a segment does");
        }
        byte[] copy = new byte[BYTES];
        page.get(0, copy);
        if (Bytes.crc(copy, 0, BYTES - 4) != Bytes.getInt(copy, BYTES - 4)) {
            throw new InvalidHeaderException("the checksum of its header does not hold");
        }
        int version = Bytes.getInt(copy, 8) & 0xFFFF;
        int oldestReader = Bytes.getInt(copy, 8) >>> 16;
        if (oldestReader > VERSION) {
            throw new InvalidHeaderException("it has format version " + version + ", which needs a reader of version "
                    + oldestReader + " or later; this one reads up to " + VERSION + ": use a newer Walnut");
        }
        int nodeIdBytes = Bytes.getInt(copy, 56) & 0xFFFF;
        if (Bytes.getInt(copy, 12) != BYTES || nodeIdBytes > MAX_NODE_ID) {
            throw new InvalidHeaderException("its header is malformed");
        }
        return new SegmentHeader(
                new UUID(Bytes.getLong(copy, 16), Bytes.getLong(copy, 24)),
                Bytes.getLong(copy, 32),
                Bytes.getLong(copy, 40),
                Bytes.getLong(copy, 48),
                new String(copy, 58, nodeIdBytes, StandardCharsets.UTF_8));
    }

    /** {@return whether a page that was {@linkplain #read read} is of the version that this class writes} */
    public static boolean isCurrent(ByteBuffer page) {
        return (page.getInt(8) & 0xFFFF) == VERSION;
    }

    /** Why a page is not the header of a segment that can be read; the message continues "the file …, because". */
    public static final class InvalidHeaderException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidHeaderException(String message) {
            super(message);
        }
    }
}
