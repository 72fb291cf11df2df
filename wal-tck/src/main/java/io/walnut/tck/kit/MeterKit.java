package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What every {@link Meter} and its provider must do: extend it, name the provider, run it with JUnit. */
@Tag("meter")
public abstract class MeterKit extends PartKit<MeterProvider, Meter> {
    private static final Position HERE = new Position(3, 4168);
    private static final Metric UNKNOWN = new Metric("wal.from.the.future", Metric.Kind.HISTOGRAM, "{thing}", "New.");

    private Meter meter;

    /** For subclasses. */
    protected MeterKit() {}

    /**
     * Makes whatever the meter reports to collect now, so that it asks its sources.
     *
     * @return false if it cannot be made to
     */
    protected boolean collect() {
        return false;
    }

    @Override
    final Class<MeterProvider> service() {
        return MeterProvider.class;
    }

    @Override
    final String kind() {
        return "meter";
    }

    @BeforeEach
    final void makeTheMeter() {
        meter = make();
    }

    /** If this fails, look at the provider's {@code name()} and at {@code @Named} on its class: one name, {@code [a-z0-9-]{1,63}}. */
    @Test
    public final void required_M101_hasOneNameWithWhichItIsAnnotatedToo() {
        checkName();
    }

    /** If this fails, look at META-INF/services, and at {@code provides} if the provider is in a named module. */
    @Test
    public final void required_M102_isFoundAsAService() {
        checkService();
    }

    /** If this fails, look at the defaults in the provider's {@code config()}. */
    @Test
    public final void required_M103_hasDefaultsThatCanBeWrittenDown() {
        checkDefaults();
    }

    /** If this fails, look at values at both ends: a duration of nothing, a size of nearly everything. */
    @Test
    public final void required_M111_takesEveryValueOfEveryHistogram() {
        try (Meter.Instruments instruments = attach("log")) {
            for (Metric metric : Metrics.ALL) {
                if (metric.kind() == Metric.Kind.HISTOGRAM) {
                    for (long value : new long[] {0, 1, 999, 1_000_000_007, Long.MAX_VALUE}) {
                        instruments.record(metric, value);
                    }
                }
            }
        }
    }

    /** If this fails, look at events whose parts are missing or large: an empty report, a cause without a message. */
    @Test
    public final void required_M112_takesEveryEvent() {
        try (Meter.Instruments instruments = attach("log")) {
            events().forEach(instruments::event);
        }
    }

    /** If this fails, look at what is done with what is not known: metrics and events are open to additions. */
    @Test
    public final void required_M113_takesMetricsAndEventsThatItDoesNotKnow() {
        try (Meter.Instruments instruments = attach("log")) {
            instruments.record(UNKNOWN, 7);
            instruments.event(new Unknown(Instant.EPOCH, HERE));
        }
    }

    /** If this fails, look at names: a log and a node are called what their user likes, or nothing. */
    @Test
    public final void required_M114_metersLogsOfAnyName() {
        for (String name : new String[] {"", "a log", "ß€\uD83D\uDE00", "x".repeat(300), "a\"b\\c\n{}"}) {
            Source source = new Source(name);
            try (Meter.Instruments instruments = meter.attach(source)) {
                instruments.record(Metrics.FSYNC_DURATION, 1_000);
                events().forEach(instruments::event);
            }
        }
    }

    /** If this fails, look for what two logs share: closing one must not end the metering of the other. */
    @Test
    public final void required_M115_metersManyLogsAtATime() {
        Meter.Instruments first = attach("first");
        Source second = new Source("second");
        try (Meter.Instruments other = meter.attach(second)) {
            first.record(Metrics.FSYNC_BYTES, 1);
            first.close();
            other.record(Metrics.FSYNC_BYTES, 2);
            events().forEach(other::event);
            second.asked.set(0);
            assertTrue(!collect() || second.asked.get() > 0, "a log that is still open is not asked any more");
        }
    }

    /** If this fails, look at what still asks a log that was closed: it may be closed for good, and must not be asked. */
    @Test
    public final void required_M116_asksNothingOfALogThatIsClosed() {
        Source source = new Source("log");
        Meter.Instruments instruments = meter.attach(source);
        collect();
        instruments.close();
        source.closed = true;
        collect();
        assertEquals(0, source.askedTooLate.get(), "how often a closed log was asked");
    }

    /** If this fails, look at what a meter pulls: it must ask its source for every metric, when it is collected. */
    @Test
    public final void optional_M117_asksForItsTotalsWhenTheyAreCollected() {
        Source source = new Source("log");
        try (Meter.Instruments instruments = meter.attach(source)) {
            assertNotNull(instruments);
            if (!collect()) {
                throw new TestAbortedException("collect() does not make this meter ask; override it");
            }
            assertTrue(source.asked.get() > 0, "a source was not asked for anything");
        }
    }

    /** If this fails, look for what is not made for threads: a log pushes from many at a time. */
    @Test
    public final void stochastic_M121_servesManyThreadsAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Meter.Instruments instruments = attach("log")) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 200; round++) {
                        instruments.record(Metrics.FSYNC_DURATION, round);
                        events().forEach(instruments::event);
                    }
                }));
            }
            collect();
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Meter.Instruments attach(String name) {
        Meter.Instruments instruments = meter.attach(new Source(name));
        assertNotNull(instruments, "attach() gave nothing");
        return instruments;
    }

    private static List<WalEvent> events() {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        RecoveryReport.Truncation cut =
                new RecoveryReport.Truncation(HERE, "0000000003.wal", 77, "a torn frame", Optional.empty());
        RecoveryReport report = new RecoveryReport(
                false, 3, 1, 4096, 12, 1, 12, HERE, Optional.of(cut), List.of("a note"), Duration.ofMillis(3));
        return List.of(
                new WalEvent.Recovered(now, HERE, report),
                new WalEvent.Truncated(now, HERE, cut),
                new WalEvent.SegmentRolled(now, HERE, 2, 4096, Duration.ofNanos(700)),
                new WalEvent.Fsynced(now, HERE, 512, Duration.ZERO),
                new WalEvent.SegmentsDeleted(now, HERE, 2, 8192),
                new WalEvent.SuffixRemoved(now, HERE, 11, 1),
                new WalEvent.WriteRetried(now, HERE, Duration.ofMillis(10), "no space left"),
                new WalEvent.Stalled(now, HERE, WalEvent.Stalled.Cause.SPACE, 3, Duration.ofMillis(7)),
                new WalEvent.SegmentArchived(now, HERE, 2, 8192, Duration.ofMillis(9)),
                new WalEvent.UpkeepFailed(now, HERE, WalEvent.UpkeepFailed.Task.ARCHIVE, new IOException()),
                new WalEvent.CheckpointsDamaged(now, HERE, false, "a damaged copy"),
                new WalEvent.CheckpointLapsed(now, HERE, "a consumer", Position.START),
                new WalEvent.ClockSuspect(now, HERE, "the clock was set"),
                new WalEvent.Corrupted(now, HERE, "0000000003.wal", "a torn frame"),
                new WalEvent.Failed(now, HERE, new IOException()));
    }

    private record Unknown(Instant time, Position position) implements WalEvent {}

    /** A log that is asked. */
    private static final class Source implements MetricSource {
        private final String name;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger askedTooLate = new AtomicInteger();
        private volatile boolean closed;

        Source(String name) {
            this.name = name;
        }

        @Override
        public String logName() {
            return name;
        }

        @Override
        public String nodeId() {
            return name.isEmpty() ? "" : "node " + name;
        }

        @Override
        public long value(Metric metric) {
            (closed ? askedTooLate : asked).incrementAndGet();
            return 42;
        }
    }
}
