package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.BackPressureException;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes samples faster than a device forces them, and never waits: with too many under way a sample is dropped and
 * counted, so that neither memory nor the caller's time is without bounds. Thread-safe. The log belongs to the caller, who
 * closes it after this.
 */
final class MetricsIngestion implements AutoCloseable {
    private final Wal wal;
    private final int maxOutstanding;
    private final Semaphore room;
    private final LongAdder stored = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();

    MetricsIngestion(Wal wal, int maxOutstanding) {
        this.wal = wal;
        this.maxOutstanding = maxOutstanding;
        this.room = new Semaphore(maxOutstanding);
    }

    /** A month of samples, in segments of at most an hour; little of them waits for the device at a time. */
    static WalConfig config(Path directory) {
        return WalConfig.builder(directory)
                .set("wal.unsynced.max.bytes", "16MiB")
                .set("wal.segment.age", "1h")
                .set("wal.retention.age", "30d")
                .build();
    }

    /** Takes a sample; false if there was no room for it. Where true, {@link #stored} counts it once it is on the device. */
    boolean offer(String series, Instant time, double value) {
        if (!room.tryAcquire()) {
            dropped.increment();
            return false;
        }
        byte[] bytes = ByteBuffer.allocate(Double.BYTES).putDouble(value).array();
        wal.appendAsync(WalRecord.put(series.getBytes(UTF_8), bytes).withTimestamp(time))
                .whenComplete((position, failure) -> {
                    count(failure).increment();
                    room.release();
                });
        return true;
    }

    private LongAdder count(Throwable failure) {
        if (failure == null) {
            return stored;
        }
        return failure instanceof BackPressureException ? dropped : failed;
    }

    /** {@return how many samples are on the device} */
    long stored() {
        return stored.sum();
    }

    /** {@return how many were not taken, here or by the log, because too many were under way} */
    long dropped() {
        return dropped.sum();
    }

    /** {@return how many the log could not take: the disk is full, or it has failed} */
    long failed() {
        return failed.sum();
    }

    /**
     * What a series was in a time.
     *
     * @param late by how much a sample may have come after younger ones
     */
    DoubleSummaryStatistics between(String series, Instant from, Instant to, Duration late) {
        ByteBuffer key = ByteBuffer.wrap(series.getBytes(UTF_8));
        DoubleSummaryStatistics result = new DoubleSummaryStatistics();
        Position end = wal.positionAt(to.plus(late));
        try (WalReader reader = wal.read(wal.positionAt(from))) { // all before it is older
            while (reader.next() && reader.position().compareTo(end) < 0) {
                Instant time = reader.timestamp();
                if (reader.key().equals(key) && !time.isBefore(from) && time.isBefore(to)) {
                    result.accept(reader.value().getDouble());
                }
            }
        }
        return result;
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        room.acquireUninterruptibly(maxOutstanding);
    }
}
