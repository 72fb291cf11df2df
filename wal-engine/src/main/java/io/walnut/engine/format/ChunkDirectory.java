package io.walnut.engine.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a value are that was appended as a stream. It stands in the record that closes the value, in place of
 * that: so the value counts from the moment that record does, and its parts alone count for nothing.
 *
 * <pre>
 *    0  valueBytes      u64  the length of the value
 *    8  chunks          u32
 *   12  0               u32
 *   16  for each chunk, in the order of the value:
 *        0  segment         u32
 *        4  offset          u32  where its frame starts
 *        8  sequence        u64  of the next record there
 *       16  previousCheck   u32  the check of the frame before it
 *       20  0               u32
 * </pre>
 */
public final class ChunkDirectory {
    /** The greatest number of chunks. */
    public static final int MAX_CHUNKS = 1 << 20;

    private static final int HEAD = 16;
    private static final int ENTRY = 24;

    private final ByteBuffer bytes;

    private ChunkDirectory(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** A directory for a value of a length in so many chunks, which are to be added. */
    public ChunkDirectory(long valueBytes, int chunks) {
        bytes = Bytes.allocate(HEAD + chunks * ENTRY);
        bytes.putLong(valueBytes).putInt(chunks).putInt(0);
    }

    /** {@return the directory in these bytes, or null if it is malformed} The bytes are not copied. */
    public static @Nullable ChunkDirectory read(ByteBuffer source) {
        ByteBuffer bytes = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < HEAD + ENTRY) {
            return null;
        }
        int chunks = bytes.getInt(8);
        boolean fits = chunks > 0 && chunks <= MAX_CHUNKS && bytes.remaining() == HEAD + chunks * ENTRY;
        return fits && bytes.getLong(0) >= 0 ? new ChunkDirectory(bytes) : null;
    }

    /** Adds the next chunk. */
    public void add(long segment, int offset, long sequence, int previousCheck) {
        bytes.putInt((int) segment)
                .putInt(offset)
                .putLong(sequence)
                .putInt(previousCheck)
                .putInt(0);
    }

    /** {@return a copy of the bytes, once all chunks have been added} */
    public byte[] bytes() {
        byte[] copy = new byte[bytes.position()];
        bytes.get(0, copy);
        return copy;
    }

    /** {@return the length of the value} */
    public long valueBytes() {
        return bytes.getLong(0);
    }

    /** {@return how many chunks there are} */
    public int chunks() {
        return bytes.getInt(8);
    }

    /** {@return the segment of a chunk; that of the first is the oldest} */
    public long segment(int chunk) {
        return Integer.toUnsignedLong(bytes.getInt(HEAD + chunk * ENTRY));
    }

    /** {@return where the frame of a chunk starts} */
    public long offset(int chunk) {
        return Integer.toUnsignedLong(bytes.getInt(HEAD + chunk * ENTRY + 4));
    }

    /** {@return the sequence of the next record behind a chunk} */
    public long sequence(int chunk) {
        return bytes.getLong(HEAD + chunk * ENTRY + 8);
    }

    /** {@return the check of the frame before a chunk} */
    public int previousCheck(int chunk) {
        return bytes.getInt(HEAD + chunk * ENTRY + 16);
    }
}
