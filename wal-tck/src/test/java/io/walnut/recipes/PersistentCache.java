package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A cache on disk that is warm after a restart. It takes a bounded space, for which the oldest values go, whole segments
 * at a time. What it has lost it loads again, so nothing here waits for a device. Thread-safe. The log belongs to the
 * caller, who closes it.
 */
final class PersistentCache {
    private final Wal wal;
    private final long maxBytes;
    private final Map<String, Position> index = new ConcurrentHashMap<>();
    private volatile long newest;

    /** A cache of at most so many bytes, and of one segment more. */
    PersistentCache(Wal wal, long maxBytes) {
        this.wal = wal;
        this.maxBytes = maxBytes;
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                String key = UTF_8.decode(reader.key()).toString();
                if (reader.kind() == WalRecord.Kind.DELETE) {
                    index.remove(key);
                } else {
                    index.put(key, reader.position());
                }
            }
        } catch (WalCorruptException e) {
            index.clear(); // a cold start is better than one that fails
            wal.deleteSegmentsBefore(wal.end());
        }
    }

    /** A log that never waits for the device, and that opens whatever has become of its files. */
    static WalConfig config(Path directory) {
        return WalConfig.builder(directory)
                .fsync("os")
                .recovery("truncate")
                .segmentBytes(16 << 20)
                .build();
    }

    /** The value of a key: as it is here, or as it is loaded now. */
    byte[] get(String key, Function<String, byte[]> loader) {
        Optional<byte[]> found = find(key);
        if (found.isPresent()) {
            return found.get();
        }
        byte[] loaded = loader.apply(key);
        put(key, loaded);
        return loaded;
    }

    void put(String key, byte[] value) {
        Position put = index.compute(key, (same, old) -> wal.append(key.getBytes(UTF_8), value));
        if (put.segment() > newest) {
            newest = put.segment(); // another one was begun
            trim();
        }
    }

    /** Forgets a value that is not right any more, for good. */
    void invalidate(String key) {
        index.computeIfPresent(key, (same, old) -> {
            wal.append(WalRecord.delete(key.getBytes(UTF_8)));
            return null;
        });
    }

    int size() {
        return index.size();
    }

    private Optional<byte[]> find(String key) {
        Position position = index.get(key);
        if (position == null) {
            return Optional.empty();
        }
        try (WalReader reader = wal.read(position)) {
            reader.next();
            return Optional.of(reader.record().valueBytes());
        } catch (PositionUnavailableException | WalCorruptException e) {
            index.remove(key, position); // trimmed, or damaged: loaded again either way
            return Optional.empty();
        }
    }

    private void trim() {
        List<SegmentInfo> segments = wal.segments();
        long bytes = 0;
        for (int i = segments.size() - 1; i >= 0; i--) {
            if (bytes > maxBytes) {
                wal.deleteSegmentsBefore(segments.get(i).end());
                Position start = wal.start();
                index.values().removeIf(position -> position.compareTo(start) < 0);
                return;
            }
            bytes += segments.get(i).bytes();
        }
    }
}
