package io.walnut.engine.format;

import io.walnut.api.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One of the two slots of the {@code CHECKPOINTS} file, at 0 and 65536. The valid slot with the greater generation counts;
 * the other one is overwritten next, and forced.
 *
 * <pre>
 *    0  magic       8 bytes  {@code "WALNUTCP"}
 *    8  generation  u64
 *   16  log         16 bytes the UUID of the log, as in {@link SegmentHeader}
 *   32  bytes       u32      of the entries
 *   36  entries     u32      how many
 *   40  an entry    u64      the segment of the position
 *                   u64      its offset
 *                   u8       the length of the name
 *                   the name in US-ASCII
 *   ..  crc         u32      CRC32C over everything before
 * </pre>
 *
 * @param generation how often the file was written
 * @param log the UUID of the log
 * @param positions by name
 */
public record CheckpointSlot(long generation, UUID log, Map<String, Position> positions) implements Slot {
    /** The distance of the slots, and so their greatest size. */
    public static final int SLOT = 64 << 10;

    /** The longest name. */
    public static final int MAX_NAME = 127;

    private static final int HEAD = 40;
    private static final int ENTRY = 17;
    private static final int CRC = 4;
    private static final long MAGIC = 0x5043_5455_4E4C_4157L; // "WALNUTCP" read little-endian

    /** Copies the map, sorted. */
    public CheckpointSlot {
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    /** {@return the next generation, with other positions} */
    public CheckpointSlot with(Map<String, Position> other) {
        return new CheckpointSlot(generation + 1, log, other);
    }

    @Override
    public long offset() {
        return generation % 2 == 0 ? SLOT : 0;
    }

    /** {@return whether so many names of so many characters in all fit into a slot} */
    public static boolean fits(int names, int characters) {
        return HEAD + (long) names * ENTRY + characters + CRC <= SLOT;
    }

    /** {@return what is stored, as long as it needs to be} */
    @Override
    public byte[] bytes() {
        int entries = positions.size() * ENTRY
                + positions.keySet().stream().mapToInt(String::length).sum();
        byte[] slot = new byte[HEAD + entries + CRC];
        Bytes.putLong(slot, 0, MAGIC);
        Bytes.putLong(slot, 8, generation);
        Bytes.putLong(slot, 16, log.getMostSignificantBits());
        Bytes.putLong(slot, 24, log.getLeastSignificantBits());
        Bytes.putInt(slot, 32, entries);
        Bytes.putInt(slot, 36, positions.size());
        int at = HEAD;
        for (Map.Entry<String, Position> each : positions.entrySet()) {
            byte[] name = each.getKey().getBytes(StandardCharsets.US_ASCII);
            Bytes.putLong(slot, at, each.getValue().segment());
            Bytes.putLong(slot, at + 8, each.getValue().offset());
            slot[at + 16] = (byte) name.length;
            System.arraycopy(name, 0, slot, at + ENTRY, name.length);
            at += ENTRY + name.length;
        }
        Bytes.putInt(slot, at, Bytes.crc(slot, 0, at));
        return slot;
    }

    /** {@return the slot at an index of a little-endian buffer, or null if there is no valid one of this log} */
    public static @Nullable CheckpointSlot read(ByteBuffer source, int at, UUID log) {
        int room = Math.min(SLOT, source.limit() - at);
        if (room < HEAD + CRC || source.getLong(at) != MAGIC) {
            return null;
        }
        int entries = source.getInt(at + 32);
        if (entries < 0 || entries > room - HEAD - CRC) {
            return null;
        }
        byte[] slot = new byte[HEAD + entries];
        source.get(at, slot);
        if (Bytes.crc(slot, 0, slot.length) != source.getInt(at + slot.length)
                || !log.equals(new UUID(Bytes.getLong(slot, 16), Bytes.getLong(slot, 24)))) {
            return null;
        }
        SortedMap<String, Position> positions = entries(slot, Bytes.getInt(slot, 36));
        return positions == null ? null : new CheckpointSlot(Bytes.getLong(slot, 8), log, positions);
    }

    private static @Nullable SortedMap<String, Position> entries(byte[] slot, int count) {
        SortedMap<String, Position> positions = new TreeMap<>();
        int at = HEAD;
        for (int i = 0; i < count; i++) {
            if (slot.length - at < ENTRY || slot.length - at - ENTRY < slot[at + 16]) {
                return null;
            }
            long segment = Bytes.getLong(slot, at);
            long offset = Bytes.getLong(slot, at + 8);
            int length = slot[at + 16];
            if (segment < 0 || offset < 0 || length < 1) {
                return null;
            }
            positions.put(
                    new String(slot, at + ENTRY, length, StandardCharsets.US_ASCII), new Position(segment, offset));
            at += ENTRY + length;
        }
        return at == slot.length && positions.size() == count ? positions : null;
    }
}
