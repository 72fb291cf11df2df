package io.walnut.tck.bench;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Opening logs that are there. */
final class OpenWork {
    static final int FEW_SEGMENTS = 10;
    private static final int VALUE_BYTES = 1024;

    private final Logs logs;
    private final Scale scale;
    private final long seed;

    OpenWork(Logs logs, Scale scale, long seed) {
        this.logs = logs;
        this.scale = scale;
        this.seed = seed;
    }

    /**
     * A process that had written it ended without closing it. Each run opens a forced copy of what that left behind.
     *
     * @param forced whether everything was on the device before
     */
    Sides killed(Path directory, boolean forced) throws IOException, InterruptedException {
        HaltingWriter.run(logs.config(directory, Map.of()), scale.killedBytes, seed, forced);
        List<Path> files = Directories.files(directory);
        return new Sides(
                trial -> {
                    copy(files, trial.directory());
                    return openKilled(trial.directory());
                },
                trial -> ReadLimit.read(files, 1));
    }

    private static void copy(List<Path> files, Path target) throws IOException {
        for (Path file : files) {
            Path copy = Files.copy(file, target.resolve(String.valueOf(file.getFileName())));
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    private Sample openKilled(Path directory) throws IOException {
        long bytes = Directories.bytes(directory);
        long heap = Usage.heapBytes();
        HeapPeak peak = HeapPeak.start();
        Stopwatch watch = Stopwatch.start();
        try (Wal wal = logs.open(directory, Map.of())) {
            Sample sample = watch.stop(1, bytes);
            long found = wal.recovery().lastSequence();
            if (found == 0) {
                throw new IllegalStateException("nothing was recovered");
            }
            return sample.withoutAllocation()
                    .withNote(String.format(
                            Locale.ROOT,
                            "%,d records recovered from %,d MB, of which %,d MB were read in %d segments; heap %+.1f MB at most, the"
                                    + " opening thread allocated %.1f MB",
                            found,
                            bytes / 1_000_000,
                            wal.recovery().bytesScanned() / 1_000_000,
                            wal.recovery().segmentsScanned(),
                            (peak.bytes() - heap) / 1e6,
                            sample.allocatedPerRecord() / 1e6));
        }
    }

    /** Many segments, closed in order. */
    Sides clean(Path directory) {
        Map<String, String> config = new HashMap<>(Logs.fsync("os"));
        config.put("wal.segment.bytes", Integer.toString(scale.cleanSegmentBytes));
        writeSegments(logs, directory, config, scale.cleanSegments, seed);
        return new Sides(trial -> openClean(directory, config));
    }

    /** Appends until there are so many segments, and closes. */
    static void writeSegments(Logs logs, Path directory, Map<String, String> config, int segments, long seed) {
        Payload payload = Payload.random(seed, VALUE_BYTES);
        try (Wal wal = logs.open(directory, config)) {
            long segment = -1;
            int seen = 0;
            for (int record = 0; seen < segments; record++) {
                Position position = wal.append(payload.key(record), payload.value(record));
                if (position.segment() != segment) {
                    segment = position.segment();
                    seen++;
                }
            }
        }
    }

    private Sample openClean(Path directory, Map<String, String> config) throws IOException {
        long bytes = Directories.bytes(directory);
        long read = Usage.readBytes();
        Stopwatch watch = Stopwatch.start();
        try (Wal wal = logs.open(directory, config)) {
            Sample sample = watch.stop(1, bytes);
            long readNow = Usage.readBytes();
            int segments = wal.segments().size();
            return new Sample(
                    segments,
                    bytes,
                    sample.nanos(),
                    sample.cpuNanos(),
                    Double.NaN,
                    segments + " segments, " + bytes / 1_000_000 + " MB"
                            + (read < 0 ? "" : "; " + (readNow - read) / 1000 + " KB read"));
        }
    }

    /** Append cost with many small segments in the log, beside the same with few. */
    Sides manySegments(Path directory) throws IOException {
        Map<String, String> small = new HashMap<>(Logs.fsync("os"));
        small.put("wal.segment.bytes", "64KiB");
        Path many = Files.createDirectory(directory.resolve("many"));
        Path few = Files.createDirectory(directory.resolve("few"));
        writeSegments(logs, many, small, scale.manySegments, seed);
        writeSegments(logs, few, small, FEW_SEGMENTS, seed);
        AppendWork work = new AppendWork(logs, Payload.random(seed, VALUE_BYTES));
        Map<String, String> config = Logs.fsync("os");
        return new Sides(
                trial -> {
                    Sample sample = work.burstInto(many, config, scale.burstBytes, trial.latencies());
                    return sample.withNote(segments(many));
                },
                trial -> work.burstInto(few, config, scale.burstBytes, trial.latencies()));
    }

    private String segments(Path directory) {
        try (Wal wal = logs.open(directory, Logs.fsync("os"))) {
            return wal.segments().size() + " segments";
        }
    }

    /** Many logs open at once, each with a record. */
    Sides manyLogs(int count) {
        return new Sides(trial -> {
            try (OpenLogs open = new OpenLogs(logs, trial.directory())) {
                return open.open(count);
            }
        });
    }
}
