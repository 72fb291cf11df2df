package io.walnut.engine;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What many tests do with logs. */
final class Logs {
    private Logs() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static WalRecord put(String key, String value) {
        return WalRecord.put(bytes(key), bytes(value));
    }

    /** {@return bytes that do not compress} */
    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static List<Entry> entries(Wal wal) {
        return entries(wal, Position.START);
    }

    static List<Entry> entries(Wal wal, Position from) {
        List<Entry> entries = new ArrayList<>();
        try (WalReader reader = wal.read(from)) {
            reader.forEach(entries::add);
        }
        return entries;
    }

    static List<String> keys(Wal wal) {
        return entries(wal).stream()
                .map(entry -> new String(entry.record().keyBytes(), StandardCharsets.UTF_8))
                .toList();
    }

    static List<Path> segmentFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".wal"))
                    .sorted()
                    .toList();
        }
    }

    /** Copies a log's directory as it is now: what another process would find if this one were killed. */
    static Path copy(Path directory, Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(directory)) { // the stage first: what leaves it is in a segment by then
            for (Path file : files.sorted(Comparator.comparing(each -> !each.endsWith("STAGE")))
                    .toList()) {
                try {
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, target.resolve(file.getFileName()));
                    }
                } catch (NoSuchFileException e) {
                    continue; // a worker renamed a spare segment meanwhile: no record is in it
                }
            }
        }
        return target;
    }

    /** As {@link #copy(Path, Path)}, once the segments have everything: a reader needs it there. */
    static Path copyDrained(Wal wal, Path directory, Path target) throws IOException {
        entries(wal);
        return copy(directory, target);
    }

    /** {@return so many bytes that tell where they are} */
    static InputStream counting(long length) {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                return at == length ? -1 : (int) (at++ * 31 >>> 5) & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int count) {
                int given = (int) Math.min(count, length - at);
                for (int i = 0; i < given; i++) {
                    target[offset + i] = (byte) read();
                }
                return given == 0 && count > 0 ? -1 : given;
            }
        };
    }
}
