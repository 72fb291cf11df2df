package io.walnut.tck.cli;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Logs to look into. */
final class Logs {
    private Logs() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static WalConfig small(Path directory) {
        return WalConfig.builder(directory)
                .segmentBytes(64 << 10)
                .fsync("always")
                .build();
    }

    /** Writes a log of so many records, of about 1 KiB each, and closes it. */
    static List<SegmentInfo> write(Path directory, int records) {
        try (Wal wal = Wal.open(small(directory))) {
            append(wal, records);
            return wal.segments();
        }
    }

    static void append(Wal wal, int records) {
        for (int i = 0; i < records; i++) {
            wal.append(WalRecord.put(bytes("key-" + i), bytes("value-" + i + "-" + "x".repeat(1000))));
        }
    }

    static void flipBit(Path file, long offset) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(offset);
            int old = raw.read();
            raw.seek(offset);
            raw.write(old ^ 1);
        }
    }

    /** {@return what is in a directory, to be compared} */
    static Map<String, Integer> contents(Path directory) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    static Path file(Path path) {
        try {
            return Files.writeString(path, "text");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a log as a killed process would leave it: what leaves the stage meanwhile is in a segment by then. */
    static Path copy(Path directory, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(directory)) {
            Comparator<Path> stageFirst = Comparator.comparing(each -> !each.endsWith("STAGE"));
            files.filter(Files::isRegularFile).sorted(stageFirst).forEachOrdered(file -> {
                try {
                    Files.copy(file, to.resolve(file.getFileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return to;
    }
}
