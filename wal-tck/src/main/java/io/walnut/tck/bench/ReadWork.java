package io.walnut.tck.bench;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reading everything that a log holds. The log is written once, closed, and read by all runs, several times, from the cache. */
final class ReadWork {
    private static final int TIMES = 4;

    private final Logs logs;
    private final Payload payload;
    private final long bytes;

    ReadWork(Logs logs, Payload payload, long bytes) {
        this.logs = logs;
        this.payload = payload;
        this.bytes = bytes;
    }

    /** One reader beside raw reads of the same files. */
    Sides replay(Path directory) throws IOException {
        write(directory);
        List<Path> files = Directories.files(directory);
        long fileBytes = Directories.bytes(directory);
        return new Sides(trial -> replay(directory, fileBytes), trial -> ReadLimit.read(files, TIMES));
    }

    /** Several readers at once, each of which reads everything, beside one alone. */
    Sides readers(Path directory, int readers) throws IOException {
        write(directory);
        long fileBytes = Directories.bytes(directory);
        return new Sides(
                trial -> {
                    try (Wal wal = logs.open(directory, Map.of())) {
                        return Crowd.once(readers, () -> read(wal, fileBytes));
                    }
                },
                trial -> replay(directory, fileBytes));
    }

    /** As many raw reads of the same files at once, beside one alone. */
    Sides rawReaders(Path directory, int readers) throws IOException {
        write(directory);
        List<Path> files = Directories.files(directory);
        return new Sides(
                trial -> Crowd.once(readers, () -> ReadLimit.read(files, TIMES)),
                trial -> ReadLimit.read(files, TIMES));
    }

    private void write(Path directory) {
        try (Wal wal = logs.open(directory, Map.of())) {
            long records = Math.max(1, bytes / payload.recordBytes());
            for (int record = 0; record < records; record++) {
                wal.append(payload.key(record), payload.value(record));
            }
        }
    }

    private Sample replay(Path directory, long fileBytes) {
        try (Wal wal = logs.open(directory, Map.of())) {
            return read(wal, fileBytes);
        }
    }

    private Sample read(Wal wal, long fileBytes) {
        Stopwatch watch = Stopwatch.start();
        long records = 0;
        long seen = 0;
        for (int i = 0; i < TIMES; i++) {
            try (WalReader reader = wal.read(Position.START)) {
                while (reader.next()) {
                    records++;
                    seen += reader.key().remaining() + reader.value().remaining();
                }
            }
        }
        if (records == 0 || seen != records * payload.recordBytes()) {
            throw new IllegalStateException(records + " records with " + seen + " bytes were read");
        }
        return watch.stop(records, TIMES * fileBytes);
    }
}
