package io.walnut.tck.bench;

import io.walnut.api.BackPressureException;
import io.walnut.api.Durability;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Appends that are durable before they count. */
final class CommitWork {
    private static final int OUTSTANDING = 10_000;
    private static final Map<String, String> ALWAYS = Logs.fsync("always");
    private static final Map<String, String> OS = Logs.fsync("os");

    private final Logs logs;
    private final Payload payload;
    private final Scale scale;

    CommitWork(Logs logs, Payload payload, Scale scale) {
        this.logs = logs;
        this.payload = payload;
        this.scale = scale;
    }

    /** One thread writes and forces the same number of records at a time. */
    Side limit(int recordsPerForce) {
        return ForceLimit.of(payload, recordsPerForce, scale.forcingNanos, scale.burstBytes);
    }

    /** Threads, each of which appends and waits until that is durable, over and over. */
    Side always(int threads, boolean virtual) {
        return trial -> {
            ExecutorService executor = Crowd.executor(threads, virtual);
            try (Wal wal = PreparedLog.open(
                    logs,
                    trial.directory(),
                    ALWAYS,
                    scale.burstBytes + Crowd.leadInBytes(threads, payload.recordBytes() + AppendWork.FRAME_BYTES))) {
                return Crowd.run(
                        trial,
                        executor,
                        threads,
                        number -> wal.append(payload.key(number), payload.value(number)),
                        scale.forcingNanos,
                        calls(1),
                        1,
                        payload.recordBytes());
            } finally {
                executor.shutdownNow();
            }
        };
    }

    /** One thread appends batches and forces each. */
    Side batches(int size) {
        List<WalRecord> batch = new ArrayList<>();
        for (int record = 0; record < size; record++) {
            batch.add(WalRecord.put(payload.key(record), payload.value(record)));
        }
        return trial -> {
            Latencies latencies = trial.latencies();
            Histogram part = (latencies == null ? new Latencies() : latencies).part();
            try (Wal wal = PreparedLog.open(logs, trial.directory(), OS, scale.burstBytes)) {
                long most = calls(size);
                long batches = 0;
                Stopwatch watch = Stopwatch.start();
                long now = System.nanoTime();
                long end = now + scale.forcingNanos;
                while (batches == 0 || now < end && batches < most) {
                    wal.appendBatch(batch, Durability.KERNEL);
                    wal.sync();
                    batches++;
                    long last = now;
                    now = System.nanoTime();
                    Latencies.record(part, now - last);
                }
                return watch.stop(batches, batches * size, batches * size * payload.recordBytes());
            }
        };
    }

    /** One thread appends without waiting, as long as not too much is under way. Durable records count. */
    Side async() {
        WalRecord[] records = new WalRecord[64];
        for (int record = 0; record < records.length; record++) {
            records[record] = WalRecord.put(payload.key(record), payload.value(record));
        }
        return trial -> {
            Latencies latencies = trial.latencies();
            Histogram part = latencies == null ? null : latencies.concurrentPart();
            try (Wal wal = PreparedLog.open(logs, trial.directory(), ALWAYS, scale.burstBytes)) {
                return produce(wal, records, part);
            }
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the failure of an append is noted before
    private Sample produce(Wal wal, WalRecord[] records, @Nullable Histogram latencies) throws Exception {
        Semaphore free = new Semaphore(OUTSTANDING);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        AtomicLong refused = new AtomicLong();
        long most = calls(1);
        long appended = 0;
        Stopwatch watch = Stopwatch.start();
        long end = System.nanoTime() + scale.forcingNanos;
        while (appended < most && (appended % 64 != 0 || System.nanoTime() < end)) {
            free.acquire();
            long start = latencies == null ? 0 : System.nanoTime();
            try {
                wal.appendAsync(records[(int) (appended & 63)]).whenComplete((position, failed) -> {
                    if (failed != null) {
                        failure.set(failed);
                    } else if (latencies != null) {
                        Latencies.record(latencies, System.nanoTime() - start);
                    }
                    free.release();
                });
                appended++;
            } catch (BackPressureException e) {
                free.release();
                refused.incrementAndGet();
            }
        }
        free.acquire(OUTSTANDING);
        Sample sample = watch.stop(appended, appended * payload.recordBytes());
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("an asynchronous append failed", failed);
        }
        return refused.get() == 0 ? sample : sample.withNote(refused + " refused and tried again");
    }

    /** {@return how many calls fit into the prepared space} */
    private long calls(int recordsPerCall) {
        return Math.max(
                1, scale.burstBytes / ((long) recordsPerCall * (payload.recordBytes() + AppendWork.FRAME_BYTES)));
    }
}
