package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stock of goods in memory: a snapshot of all of it in a file, and a log of what has changed since. Thread-safe. The log
 * belongs to the caller, who closes it.
 */
final class Stock {
    private final Path snapshot;
    private final Wal changes;
    private final Map<String, Long> goods = new HashMap<>();

    /** Loads the snapshot and applies, exactly once, each change that is not in it. */
    Stock(Path directory, Wal changes) throws IOException {
        this.snapshot = Files.createDirectories(directory).resolve("snapshot");
        this.changes = changes;
        try (WalReader reader = changes.read(load())) {
            while (reader.next()) {
                apply(UTF_8.decode(reader.key()).toString(), reader.value().getLong());
            }
        }
    }

    /** Goods come, or go. */
    synchronized void change(String item, long amount) {
        changes.append(
                item.getBytes(UTF_8),
                ByteBuffer.allocate(Long.BYTES).putLong(amount).array());
        apply(item, amount);
    }

    synchronized long amount(String item) {
        return goods.getOrDefault(item, 0L);
    }

    private void apply(String item, long amount) {
        goods.merge(item, amount, Long::sum);
    }

    /** Stores what there is now, and lets the changes go that led to it. Others may change the stock meanwhile. */
    void snapshot() throws IOException {
        StringBuilder text = new StringBuilder();
        Position next;
        synchronized (this) { // no change is in the log and not in memory now
            next = changes.end();
            text.append(next).append('\n');
            goods.forEach((item, amount) ->
                    text.append(amount).append(' ').append(item).append('\n'));
        }
        changes.sync(); // a power loss must not leave a snapshot that is ahead of its log
        store(text.toString());
        changes.deleteSegmentsBefore(next);
    }

    private Position load() throws IOException {
        if (!Files.exists(snapshot)) {
            return Position.START;
        }
        List<String> lines = Files.readAllLines(snapshot);
        for (String line : lines.subList(1, lines.size())) {
            int space = line.indexOf(' ');
            goods.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
        }
        return Position.parse(lines.get(0));
    }

    /** Replaces the snapshot at once and for good: forced under another name, renamed, and the name forced. */
    private void store(String text) throws IOException {
        Path unfinished = snapshot.resolveSibling("snapshot.unfinished");
        Files.writeString(unfinished, text);
        force(unfinished);
        Files.move(unfinished, snapshot, StandardCopyOption.ATOMIC_MOVE);
        force(snapshot.getParent());
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
