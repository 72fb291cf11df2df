package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The writing half of a log-structured merge tree: writes go to the log and to a sorted table in memory; now and then that
 * is frozen and flushed to a file, and then the log does not need what is in it. Thread-safe. The log belongs to the
 * caller, who closes it.
 */
final class LsmTree {
    private static final String FLUSHED = "flushed";

    /** What a key was at a position of the log; empty if it was deleted. */
    private record Cell(Position position, Optional<String> value) {
        static Cell newer(Cell one, Cell other) {
            return one.position.compareTo(other.position) > 0 ? one : other;
        }
    }

    private final Wal wal;
    private final SortedTables files;
    private final ReadWriteLock freezing = new ReentrantReadWriteLock();

    // Looked at in this order, and what leaves one of them is in the next one before.
    private volatile NavigableMap<String, Cell> active = new ConcurrentSkipListMap<>();
    private volatile NavigableMap<String, Cell> frozen = new TreeMap<>();
    private volatile List<NavigableMap<String, Optional<String>>> tables;

    private Position frozenEnd = Position.START;

    /** Loads the tables, and replays what came after the last of them. */
    LsmTree(Path directory, Wal wal) throws IOException {
        this.wal = wal;
        this.files = new SortedTables(directory);
        this.tables = files.load();
        try (WalReader reader = wal.read(wal.checkpoints().load(FLUSHED).orElse(Position.START))) {
            while (reader.next()) {
                String key = UTF_8.decode(reader.key()).toString();
                boolean deleted = reader.kind() == WalRecord.Kind.DELETE;
                String value = UTF_8.decode(reader.value()).toString();
                active.put(key, new Cell(reader.position(), deleted ? Optional.empty() : Optional.of(value)));
            }
        }
    }

    void put(String key, String value) {
        write(key, Optional.of(value), WalRecord.put(key.getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    void delete(String key) {
        write(key, Optional.empty(), WalRecord.delete(key.getBytes(UTF_8)));
    }

    private void write(String key, Optional<String> value, WalRecord record) {
        freezing.readLock().lock(); // many write at a time, but none while the table is changed
        try {
            active.merge(key, new Cell(wal.append(record), value), Cell::newer);
        } finally {
            freezing.readLock().unlock();
        }
    }

    Optional<String> get(String key) {
        for (NavigableMap<String, Cell> table : List.of(active, frozen)) {
            Cell cell = table.get(key);
            if (cell != null) {
                return cell.value;
            }
        }
        for (NavigableMap<String, Optional<String>> table : tables) {
            Optional<String> value = table.get(key);
            if (value != null) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** Flushes what is in memory, and frees the log of it. If it fails everything is as it was, and it can be tried again. */
    synchronized void flush() throws IOException {
        if (frozen.isEmpty()) { // else an earlier flush failed
            freeze();
        }
        NavigableMap<String, Optional<String>> table = new TreeMap<>();
        frozen.forEach((key, cell) -> table.put(key, cell.value));
        files.store(table);
        wal.checkpoints().save(FLUSHED, frozenEnd); // not before the table is on the device
        wal.checkpoints().flush();
        List<NavigableMap<String, Optional<String>>> more = new ArrayList<>(tables);
        more.add(0, table);
        tables = List.copyOf(more);
        frozen = new TreeMap<>();
        wal.deleteSegmentsBefore(frozenEnd);
    }

    private void freeze() {
        freezing.writeLock().lock(); // nobody is between the log and the table now
        try {
            frozenEnd = wal.end();
            frozen = active;
            active = new ConcurrentSkipListMap<>();
        } finally {
            freezing.writeLock().unlock();
        }
    }
}
