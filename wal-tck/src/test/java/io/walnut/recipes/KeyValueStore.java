package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A key-value store whose only file is its log: the values stay there, and memory holds where the last one of each key is.
 * Thread-safe. The log belongs to the caller, who closes it.
 */
final class KeyValueStore {
    private final Wal wal;
    private final Map<String, Position> index = new ConcurrentHashMap<>();

    KeyValueStore(Wal wal) {
        this.wal = wal;
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                String key = key(reader);
                if (reader.kind() == WalRecord.Kind.DELETE) {
                    index.remove(key);
                } else {
                    index.put(key, reader.position());
                }
            }
        }
    }

    /** When this returns the value is stored, as durably as the log's {@code wal.fsync} says. */
    void put(String key, byte[] value) {
        index.compute(key, (same, old) -> wal.append(key.getBytes(UTF_8), value));
    }

    /** Leaves a tombstone in the log, so that the key does not come back when it is replayed. */
    void remove(String key) {
        index.computeIfPresent(key, (same, old) -> {
            wal.append(WalRecord.delete(key.getBytes(UTF_8)));
            return null;
        });
    }

    Optional<byte[]> get(String key) {
        while (true) {
            Position position = index.get(key);
            if (position == null) {
                return Optional.empty();
            }
            try (WalReader reader = wal.read(position)) {
                reader.next();
                return Optional.of(reader.record().valueBytes());
            } catch (PositionUnavailableException e) {
                if (position.equals(index.get(key))) {
                    throw e;
                } // else it was compacted between the two lines above, and is elsewhere now
            }
        }
    }

    int size() {
        return index.size();
    }

    /**
     * Appends again what lives in the oldest sealed segments and deletes them. They are always the oldest, so a tombstone
     * in them has nothing left to hide, and goes with them.
     *
     * @return how many were deleted
     */
    int compact(int segments) {
        List<SegmentInfo> oldest = wal.segments().stream()
                .filter(SegmentInfo::sealed)
                .limit(segments)
                .toList();
        if (oldest.isEmpty()) {
            return 0;
        }
        Position end = oldest.get(oldest.size() - 1).end();
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next() && reader.position().compareTo(end) < 0) {
                WalRecord record = reader.record();
                Position here = reader.position();
                index.computeIfPresent(key(reader), (key, last) -> last.equals(here) ? wal.append(record) : last);
            }
        }
        wal.sync(); // before what was copied goes, the copies have to be durable
        return wal.deleteSegmentsBefore(end);
    }

    private static String key(WalReader reader) {
        return UTF_8.decode(reader.key()).toString();
    }
}
