package io.walnut.tck.bench;

import io.walnut.api.Wal;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Appends of one size that do not wait for the device, into prepared space and for long. */
final class AppendWork {
    static final int FRAME_BYTES = 64; // more than a frame adds to a key and a value

    private static final int CHUNK = 64;
    private final Logs logs;
    private final Payload payload;

    AppendWork(Logs logs, Payload payload) {
        this.logs = logs;
        this.payload = payload;
    }

    int recordsIn(long burstBytes) {
        return (int) Math.max(CHUNK, burstBytes / frameBytes());
    }

    private int frameBytes() {
        return payload.recordBytes() + FRAME_BYTES;
    }

    /** One thread appends into prepared space. */
    Side burst(Map<String, String> config, long burstBytes) {
        return trial -> burstInto(trial.directory(), config, burstBytes, trial.latencies());
    }

    /** The same in a directory that may hold a log already, which grows. */
    Sample burstInto(Path directory, Map<String, String> config, long burstBytes, @Nullable Latencies latencies)
            throws Exception {
        int records = recordsIn(burstBytes);
        Histogram part = latencies == null ? null : latencies.part();
        try (Wal wal = open(directory, config, burstBytes)) {

            Stopwatch watch = Stopwatch.start();
            append(wal, records, part);
            return watch.stop(records, (long) records * payload.recordBytes());
        }
    }

    /** Threads that share as many appends into prepared space. */
    Side burst(Map<String, String> config, long burstBytes, int threads) {
        return trial -> {
            int calls = recordsIn(burstBytes) / CHUNK;
            try (Wal wal =
                    open(trial.directory(), config, burstBytes + Crowd.leadInBytes(threads, CHUNK * frameBytes()))) {

                return Crowd.run(
                        new Trial(trial.directory(), null),
                        Crowd.executor(threads, false),
                        threads,
                        number -> chunk(wal, CHUNK),
                        Long.MAX_VALUE / 2,
                        calls,
                        CHUNK,
                        payload.recordBytes());
            }
        };
    }

    /** One thread appends for long. The clock starts when the first segment is full. */
    Side sustained(Map<String, String> config, long bytes) {
        return trial -> {
            long records = bytes / payload.recordBytes();
            Latencies latencies = trial.latencies();
            Histogram part = latencies == null ? null : latencies.part();
            try (Wal wal = logs.open(trial.directory(), config)) {
                long first = wal.append(payload.key(0), payload.value(0)).segment();
                long lead = 0;
                while (lead < records
                        && wal.append(payload.key(0), payload.value(0)).segment() == first) {
                    lead++;
                }
                Stopwatch watch = Stopwatch.start();
                append(wal, records, part);
                Sample sample = watch.stop(records, records * payload.recordBytes());
                return sample.withNote(wal.segments().size() + " segments");
            }
        };
    }

    private Wal open(Path directory, Map<String, String> config, long burstBytes) throws Exception {
        return PreparedLog.open(
                logs,
                directory,
                config,
                burstBytes,
                (wal, number) -> wal.append(payload.key(number), payload.value(number)));
    }

    private void append(Wal wal, long records, @Nullable Histogram latencies) {
        if (latencies == null) {
            for (long left = records; left > 0; left -= CHUNK) {
                chunk(wal, (int) Math.min(CHUNK, left));
            }
            return;
        }
        long last = System.nanoTime();
        for (int record = 0; record < records; record++) {
            wal.append(payload.key(record), payload.value(record));
            long now = System.nanoTime();
            Latencies.record(latencies, now - last);
            last = now;
        }
    }

    private void chunk(Wal wal, int records) {
        for (int record = 0; record < records; record++) {
            wal.append(payload.key(record), payload.value(record));
        }
    }
}
