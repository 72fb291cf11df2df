package io.walnut.engine.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One of the two slots of the {@code WITNESS} file, at 0 and 512: what is known to be on the device. Never forced, so it
 * only ever lags. Damage below it is corruption, not a torn tail.
 *
 * <pre>
 *    0  magic        8 bytes  {@code "WALNUTWI"}
 *    8  generation   u64
 *   16  logHigh      u64      the first half of the log's UUID
 *   24  segment      u64
 *   32  offset       u64      everything before it in the log is on the device
 *   40  check        u32      the check of the last frame before it
 *   44  crc          u32      CRC32C over the 44 bytes before
 * </pre>
 *
 * @param generation how often it was written
 * @param logHigh the first half of the log's UUID
 * @param segment the segment of the durable position
 * @param offset its offset
 * @param check the check of the last frame before it
 */
public record Witness(long generation, long logHigh, long segment, long offset, int check) {
    /** The distance of the slots, so that no sector holds both. */
    public static final int SLOT = 512;

    /** The size of a slot's content. */
    public static final int BYTES = 48;

    private static final long MAGIC = 0x4957_5455_4E4C_4157L; // "WALNUTWI" read little-endian

    /** Draws a slot into an array of {@link #BYTES}; allocates nothing. */
    public static void write(byte[] slot, long generation, long logHigh, long segment, long offset, int check) {
        Bytes.putLong(slot, 0, MAGIC);
        Bytes.putLong(slot, 8, generation);
        Bytes.putLong(slot, 16, logHigh);
        Bytes.putLong(slot, 24, segment);
        Bytes.putLong(slot, 32, offset);
        Bytes.putInt(slot, 40, check);
        Bytes.putInt(slot, 44, Bytes.crc(slot, 0, 44));
    }

    /** {@return where a generation is stored} */
    public static long offsetOf(long generation) {
        return generation % 2 == 0 ? SLOT : 0;
    }

    /** {@return the slot at an index of a little-endian buffer, or null if there is no valid one} */
    public static @Nullable Witness read(ByteBuffer source, int at) {
        if (source.limit() < at + BYTES) {
            return null;
        }
        byte[] slot = new byte[BYTES];
        source.get(at, slot);
        if (Bytes.getLong(slot, 0) != MAGIC || Bytes.crc(slot, 0, 44) != Bytes.getInt(slot, 44)) {
            return null;
        }
        return new Witness(
                Bytes.getLong(slot, 8),
                Bytes.getLong(slot, 16),
                Bytes.getLong(slot, 24),
                Bytes.getLong(slot, 32),
                Bytes.getInt(slot, 40));
    }
}
