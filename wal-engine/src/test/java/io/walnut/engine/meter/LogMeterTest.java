package io.walnut.engine.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.engine.AtOnce;
import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class LogMeterTest {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final List<String> lines = new ArrayList<>();
    private final Map<Metric, Long> totals = new HashMap<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    private final Deque<Long> waits = new ArrayDeque<>();

    private final System.Logger logger = new System.Logger() {
        @Override
        public String getName() {
            return "captured";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            lines.add(level + " " + message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            lines.add(level + " " + format);
        }
    };

    private final Meter meter = new LogMeter(
            logger,
            (AtOnce) (task, nanos) -> {
                timers.add(task);
                waits.add(nanos);
            },
            EVERY);

    private final Meter.Instruments instruments = meter.attach(new Log());

    private final class Log implements MetricSource {
        @Override
        public String logName() {
            return "orders";
        }

        @Override
        public String nodeId() {
            return "";
        }

        @Override
        public long value(Metric metric) {
            return totals.getOrDefault(metric, 0L);
        }
    }

    private void tick() {
        timers.remove().run();
    }

    @Test
    void writesALineAtEachIntervalOfWhatHappenedInIt() {
        assertEquals(List.of(), lines);
        totals.put(Metrics.RECORDS_APPENDED, 100L);
        totals.put(Metrics.SEGMENTS, 3L);
        instruments.record(Metrics.FSYNC_DURATION, 1_000_000);
        instruments.record(Metrics.FSYNC_DURATION, 3_000_000);
        instruments.record(Metrics.FSYNC_BYTES, 77);
        tick();
        totals.put(Metrics.RECORDS_APPENDED, 140L);
        tick();
        assertEquals(2, lines.size());
        assertTrue(
                lines.get(0)
                        .startsWith("INFO wal.summary log=orders records=+100 bytes=+0 fsyncs=+2"
                                + " fsyncMeanMillis=2.000 fsyncMaxMillis=3.000 waits=+0 failures=+0"),
                lines.get(0));
        assertTrue(lines.get(0).contains(" segments=3 "), lines.get(0));
        assertTrue(lines.get(1).contains(" records=+40 "), lines.get(1));
        assertTrue(lines.get(1).contains(" fsyncs=+0 fsyncMeanMillis=0.000 "), lines.get(1));
        assertTrue(waits.stream().allMatch(nanos -> nanos == EVERY.toNanos()), waits.toString());
    }

    @Test
    void writesALastLineWhenTheLogIsClosedAndThenNoMore() {
        totals.put(Metrics.RECORDS_APPENDED, 7L);
        instruments.close();
        tick();
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).contains(" records=+7 "), lines.get(0));
        assertEquals(0, timers.size());
    }

    @Test
    void keepsNothingAliveOfALogThatIsClosed() {
        WeakReference<MetricSource> closed = attachAndClose();
        for (int i = 0; i < 20 && closed.get() != null; i++) {
            System.gc();
        }
        assertNull(closed.get(), "what was planned for the next line keeps a closed log");
        assertEquals(2, timers.size());
    }

    private WeakReference<MetricSource> attachAndClose() {
        MetricSource log = new Log();
        meter.attach(log).close();
        return new WeakReference<>(log);
    }
}
