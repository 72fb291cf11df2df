package io.walnut.tck.bench;

import io.walnut.api.Durability;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a new log from its first record on: nothing is appended, reserved or awaited before the clock starts. The
 * limits R and S take the same bytes into new files.
 */
final class ColdWork {
    private static final int CHUNK = 64;

    private interface Opener {
        Sink open(Path directory) throws Exception;
    }

    private final Load load;

    ColdWork(Load load) {
        this.load = load;
    }

    /** {@return the log, R and S} */
    Sides sides(Logs logs, Map<String, String> config) {
        return new Sides(log(logs, config), writes(), stage());
    }

    Side log(Logs logs, Map<String, String> config) {
        return side(directory -> new OfLog(logs.open(directory, config), load));
    }

    /** {@return R} */
    Side writes() {
        return side(directory -> new WriteLimit(directory, load));
    }

    /** {@return S} */
    Side stage() {
        return side(directory -> new StageLimit(directory, load));
    }

    private Side side(Opener opener) {
        return trial -> {
            Path directory = trial.directory();
            long before = Device.writtenBytes(directory);
            Sample sample;
            try (Sink sink = opener.open(directory)) {
                Queue<Sink.Lane> lanes = new ConcurrentLinkedQueue<>();
                for (int thread = 0; thread < load.threads(); thread++) {
                    lanes.add(sink.lane());
                }
                sample = Crowd.once(load.threads(), () -> append(lanes.remove(), trial.latencies()));
            }
            Directories.force(directory);
            return sample.withDeviceBytes(before < 0 ? -1 : Device.writtenBytes(directory) - before);
        };
    }

    private Sample append(Sink.Lane lane, @Nullable Latencies latencies) throws Exception {
        Histogram part = (latencies == null ? new Latencies() : latencies).part();
        long calls = load.callsPerThread();
        Stopwatch watch = Stopwatch.start();
        if (latencies == null && !load.forced()) {
            for (long done = 0; done < calls; done += CHUNK) {
                lane.append((int) done, (int) Math.min(CHUNK, calls - done));
            }
        } else {
            calls = timed(lane, calls, part);
        }
        return watch.stop(calls * load.recordsPerCall(), load.bytes(calls));
    }

    /** Times each call. {@return how many there were} */
    private long timed(Sink.Lane lane, long calls, Histogram latencies) throws Exception {
        long start = System.nanoTime();
        long last = start;
        long done = 0;
        while (done < calls && last - start < load.nanos()) {
            lane.append((int) done, 1);
            done++;
            long now = System.nanoTime();
            Latencies.record(latencies, now - last);
            last = now;
        }
        return done;
    }

    private record OfLog(Wal wal, Load load) implements Sink {
        @Override
        public Lane lane() {
            Payload payload = load.payload();
            if (load.recordsPerCall() == 1) {
                return (first, calls) -> {
                    for (int record = first; record < first + calls; record++) {
                        wal.append(payload.key(record), payload.value(record));
                    }
                };
            }
            List<WalRecord> batch = new ArrayList<>();
            for (int record = 0; record < load.recordsPerCall(); record++) {
                batch.add(WalRecord.put(payload.key(record), payload.value(record)));
            }
            return (first, calls) -> {
                for (int call = 0; call < calls; call++) {
                    wal.appendBatch(batch, Durability.KERNEL);
                    wal.sync();
                }
            };
        }

        @Override
        public void close() {
            wal.close();
        }
    }
}
