package io.walnut.engine.meter;

import io.walnut.engine.log.Alarm;
import io.walnut.engine.log.Workers;
import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Writes a line for each log at an interval, and a last one when the log is closed. */
final class LogMeter implements Meter {
    private final System.Logger log;
    private final Workers workers;
    private final long everyNanos;

    LogMeter(System.Logger log, Workers workers, Duration every) {
        this.log = log;
        this.workers = workers;
        this.everyNanos = every.toNanos();
    }

    @Override
    public Instruments attach(MetricSource source) {
        Summary summary = new Summary(source);
        summary.next.set();
        return summary;
    }

    private final class Summary implements Instruments {
        private final MetricSource source;
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Metric, Long> before = new HashMap<>();
        private long fsyncs;
        private long fsyncNanos;
        private long longestFsync;
        private final Alarm next = new Alarm(workers, everyNanos, this::writeAndGoOn);
        private boolean closed;

        Summary(MetricSource source) {
            this.source = source;
        }

        @Override
        public void record(Metric metric, long value) {
            if (metric.equals(Metrics.FSYNC_DURATION)) {
                lock.lock();
                try {
                    fsyncs++;
                    fsyncNanos += value;
                    longestFsync = Math.max(longestFsync, value);
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        public void event(WalEvent event) {}

        @Override
        public void close() {
            lock.lock();
            try {
                write();
                closed = true;
                next.close();
            } finally {
                lock.unlock();
            }
        }

        private void writeAndGoOn() {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                write();
                next.set();
            } finally {
                lock.unlock();
            }
        }

        private void write() {
            String line = "wal.summary log=" + source.logName() + " records=+" + more(Metrics.RECORDS_APPENDED)
                    + " bytes=+" + more(Metrics.BYTES_APPENDED) + " fsyncs=+" + fsyncs + " fsyncMeanMillis="
                    + millis(fsyncs == 0 ? 0 : fsyncNanos / fsyncs) + " fsyncMaxMillis=" + millis(longestFsync)
                    + " waits=+" + (more(Metrics.BACK_PRESSURE_WAITS) + more(Metrics.SPACE_MISSES)) + " failures=+"
                    + more(Metrics.APPEND_FAILURES) + " unsyncedBytes=" + source.value(Metrics.UNSYNCED_BYTES)
                    + " segments=" + source.value(Metrics.SEGMENTS) + " segmentBytes="
                    + source.value(Metrics.SEGMENT_BYTES) + " readers=" + source.value(Metrics.READERS_OPEN);
            fsyncs = 0;
            fsyncNanos = 0;
            longestFsync = 0;
            log.log(System.Logger.Level.INFO, line);
        }

        private long more(Metric total) {
            long now = source.value(total);
            Long last = before.put(total, now);
            return last == null ? now : now - last;
        }

        private String millis(long nanos) {
            return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
        }
    }
}
