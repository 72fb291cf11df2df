package io.walnut.engine.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One of the two slots of the {@code STAGE} file, at 0 and 512: where the frames in the ring begin that the segments may
 * lack. The ring follows in the file at {@link #RING_AT}.
 *
 * <p>The death of a process between two stores leaves one of the two slots whole. A reader only looks where a note points;
 * a frame there counts if its check continues the log.
 *
 * <pre>
 *    0  magic        8 bytes  {@code "WALNUTSG"}
 *    8  generation   u64
 *   16  logHigh      u64      the first half of the log's UUID
 *   24  segment      u64      the segment that the frames continue, 0 before the log's first
 *   32  offset       u64      where its frames end that are in its file
 *   40  sequence     u64      the sequence of the next record
 *   48  check        u32      the check of the last frame before that
 *   52  ringBytes    u32      the size of the ring
 *   56  at           u32      where in the ring the next frame begins
 *   60  crc          u32      CRC32C over the 60 bytes before
 * </pre>
 *
 * @param generation how often a note was written
 * @param logHigh the first half of the log's UUID
 * @param segment the segment that the frames in the ring continue
 * @param offset where in that segment they continue it
 * @param sequence the sequence of the next record
 * @param check the check of the frame before
 * @param ringBytes the size of the ring
 * @param at where in the ring the first of them begins
 */
public record StageNote(
        long generation, long logHigh, long segment, long offset, long sequence, int check, int ringBytes, int at) {
    /** The distance of the slots, so that no sector holds both. */
    public static final int SLOT = 512;

    /** The size of a slot's content. */
    public static final int BYTES = 64;

    /** Where in the file the ring begins. */
    public static final int RING_AT = 4096;

    private static final long MAGIC = 0x4753_5455_4E4C_4157L; // "WALNUTSG" read little-endian

    /** Draws a slot into an array of {@link #BYTES}; allocates nothing but a checksum. */
    public static void write(
            byte[] slot,
            long generation,
            long logHigh,
            long segment,
            long offset,
            long sequence,
            int check,
            int ringBytes,
            int at) {
        Bytes.putLong(slot, 0, MAGIC);
        Bytes.putLong(slot, 8, generation);
        Bytes.putLong(slot, 16, logHigh);
        Bytes.putLong(slot, 24, segment);
        Bytes.putLong(slot, 32, offset);
        Bytes.putLong(slot, 40, sequence);
        Bytes.putInt(slot, 48, check);
        Bytes.putInt(slot, 52, ringBytes);
        Bytes.putInt(slot, 56, at);
        Bytes.putInt(slot, 60, Bytes.crc(slot, 0, 60));
    }

    /** {@return where a generation is stored} */
    public static int offsetOf(long generation) {
        return generation % 2 == 0 ? SLOT : 0;
    }

    /** {@return the newer of the two notes at the start of a little-endian buffer, or null if none is valid} */
    public static @Nullable StageNote newest(ByteBuffer file) {
        StageNote first = read(file, 0);
        StageNote second = read(file, SLOT);
        return first == null || second != null && second.generation > first.generation ? second : first;
    }

    private static @Nullable StageNote read(ByteBuffer file, int from) {
        if (file.limit() < from + BYTES) {
            return null;
        }
        byte[] slot = new byte[BYTES];
        file.get(from, slot);
        if (Bytes.getLong(slot, 0) != MAGIC || Bytes.crc(slot, 0, 60) != Bytes.getInt(slot, 60)) {
            return null;
        }
        return new StageNote(
                Bytes.getLong(slot, 8),
                Bytes.getLong(slot, 16),
                Bytes.getLong(slot, 24),
                Bytes.getLong(slot, 32),
                Bytes.getLong(slot, 40),
                Bytes.getInt(slot, 48),
                Bytes.getInt(slot, 52),
                Bytes.getInt(slot, 56));
    }
}
