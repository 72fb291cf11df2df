package io.walnut.engine.format;

import java.util.zip.CRC32C;

/**
 * The head that every frame has. Frames are aligned to 8 bytes; the space behind a frame is zero.
 *
 * <pre>
 *   0       4       8      12  13  14  15  16                    length
 *   +-------+-------+-------+---+---+---+---+---------------------+----------+
 *   | length| check |bodyCrc|typ|flg|cdc| 0 | body ...            | zeros    |
 *   +-------+-------+-------+---+---+---+---+---------------------+----------+
 *   length   u32  bytes of the frame: head and body, without the zeros behind it
 *   check    u32  CRC32C over: salt u64, offset of the frame u64, its sequence u64, length u32,
 *                 the four bytes at 12, bodyCrc u32, check of the frame before u32
 *   bodyCrc  u32  CRC32C over the bytes from 12 to length
 *   typ      u8   {@link FrameType}
 *   flg      u8   {@link #BATCH_FIRST}, {@link #BATCH_LAST}, {@link #HAS_TTL}, {@link #HAS_VERSION}, {@link #STREAMED}
 *   cdc      u8   the codec of a record's value, 0 for none
 * </pre>
 *
 * <p>The first 8 bytes are stored last, as one aligned word with release semantics, so a frame is there whole or not at
 * all. A length is believed only when the check holds. The sequence of a frame that is no record is that of the next
 * record. The check of an OPEN frame continues from the check that it names.
 */
public final class Frame {
    /** Bytes before the body. */
    public static final int HEAD = 16;

    /** Where the four bytes of type, flags and codec are. */
    public static final int KIND_AT = 12;

    /** The first record of a batch; a single record is a batch of one. */
    public static final int BATCH_FIRST = 1;

    /** The last record of a batch, which makes all of it count. */
    public static final int BATCH_LAST = 2;

    /** The body has a time to live. */
    public static final int HAS_TTL = 4;

    /** The body has a term and an index. */
    public static final int HAS_VERSION = 8;

    /** In place of the value there is a {@link ChunkDirectory}, which says where the value is. */
    public static final int STREAMED = 16;

    /** Every flag that this version knows. */
    public static final int KNOWN_FLAGS = BATCH_FIRST | BATCH_LAST | HAS_TTL | HAS_VERSION | STREAMED;

    private Frame() {}

    /** {@return type, flags and codec as the int at offset 12} */
    public static int kind(int type, int flags, int codec) {
        return type | flags << 8 | codec << 16;
    }

    /** {@return length and check as the word at offset 0} */
    public static long word(int length, int check) {
        return Integer.toUnsignedLong(length) | (long) check << 32;
    }

    /** Computes checks. For one thread at a time; allocates nothing. */
    public static final class Checker {
        private final byte[] input = new byte[40];
        private final CRC32C crc = new CRC32C();

        /** {@return the check of a frame} */
        public int check(long salt, long offset, long sequence, int length, int kind, int bodyCrc, int previous) {
            Bytes.putLong(input, 0, salt);
            Bytes.putLong(input, 8, offset);
            Bytes.putLong(input, 16, sequence);
            Bytes.putLong(input, 24, Integer.toUnsignedLong(length) | (long) kind << 32);
            Bytes.putLong(input, 32, Integer.toUnsignedLong(bodyCrc) | (long) previous << 32);
            crc.reset();
            crc.update(input, 0, input.length);
            return (int) crc.getValue();
        }
    }
}
