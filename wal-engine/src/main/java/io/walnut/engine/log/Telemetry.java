package io.walnut.engine.log;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a log tells its meter: in order, and never on a thread that appends or forces. Whatever the meter throws ends
 * here: it is logged once and changes nothing, and neither does a meter that blocks.
 */
public final class Telemetry implements MetricSource, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.walnut.meter");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String logName;
    private final String nodeId;
    private final Map<String, Consumer<Values>> totals = new HashMap<>();
    private final Outbox outbox;
    private volatile Meter.@Nullable Instruments instruments;
    private volatile boolean told;

    /** Nothing is metered before {@link #attach}. */
    public Telemetry(String logName, String nodeId, Workers workers) {
        this.logName = logName;
        this.nodeId = nodeId;
        outbox = new Outbox(workers);
        pull(Metrics.SIGNALS_DROPPED, outbox::dropped);
    }

    /** A total or state is pulled from here. To be called before {@link #attach}. */
    void pull(Metric metric, LongSupplier value) {
        pullEach(metric, target -> target.value(value.getAsLong(), List.of()));
    }

    /** Totals or states are pulled from here, each with its attributes. To be called before {@link #attach}. */
    void pullEach(Metric metric, Consumer<Values> values) {
        totals.put(metric.name(), values);
    }

    /** {@return a counter that is pulled for this metric} To be called before {@link #attach}. */
    LongAdder counter(Metric metric) {
        LongAdder counter = new LongAdder();
        pull(metric, counter::sum);
        return counter;
    }

    /** {@return counters by the value of the metric's attribute} To be called before {@link #attach}. */
    Map<String, LongAdder> counters(Metric metric) {
        Map<String, LongAdder> counters = new ConcurrentHashMap<>();
        pullEach(
                metric,
                target -> counters.forEach((attribute, count) -> target.value(count.sum(), List.of(attribute))));
        return counters;
    }

    /** Starts metering. */
    @SuppressWarnings("ReferenceEquality") // that one object says that nobody wants to be told
    public void attach(Meter meter) {
        try {
            Meter.Instruments attached = meter.attach(this);
            instruments = attached == Meter.Instruments.NONE ? null : attached;
        } catch (Throwable e) {
            tell(e);
        }
    }

    /** {@return whether somebody wants to be told} */
    boolean isOn() {
        return instruments != null;
    }

    /** A value of a histogram. */
    void record(Metric metric, long value) {
        Meter.Instruments target = instruments;
        if (target != null) {
            outbox.offerLazily(() -> record(target, metric, value));
        }
    }

    /** Something happened, of which nothing else is to be told later. */
    void event(Supplier<WalEvent> event) {
        Meter.Instruments target = instruments;
        if (target != null) {
            WalEvent happened = event.get();
            outbox.offer(() -> tell(target, happened));
        }
    }

    /** A force ended. */
    void forced(long records, Supplier<WalEvent.Fsynced> event) {
        Meter.Instruments target = instruments;
        if (target != null) {
            WalEvent.Fsynced happened = event.get();
            outbox.offerLazily(() -> {
                record(target, Metrics.FSYNC_DURATION, happened.duration().toNanos());
                record(target, Metrics.FSYNC_BYTES, happened.bytes());
                record(target, Metrics.COMMIT_GROUP, records);
                tell(target, happened);
            });
        }
    }

    private void record(Meter.Instruments target, Metric metric, long value) {
        try {
            target.record(metric, value);
        } catch (Throwable e) {
            tell(e);
        }
    }

    private void tell(Meter.Instruments target, WalEvent event) {
        try {
            target.event(event);
        } catch (Throwable e) {
            tell(e);
        }
    }

    private void tell(Throwable failure) {
        if (!told) {
            told = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "wal.meter.failed log=" + logName
                            + ": a meter failed, which changes nothing for the log; told once",
                    failure);
        }
    }

    @Override
    public String logName() {
        return logName;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public long value(Metric metric) {
        long[] sum = {0};
        values(metric, (value, attributes) -> sum[0] += value);
        return sum[0];
    }

    @Override
    public void values(Metric metric, Values target) {
        Consumer<Values> values = totals.get(metric.name());
        if (values != null) {
            values.accept(target);
        }
    }

    /** Tells what is left to tell, and then the end. Does not wait for a meter that takes too long. */
    @Override
    public void close() {
        Meter.Instruments target = instruments;
        instruments = null;
        if (target != null && !outbox.end(() -> end(target), PATIENCE_NANOS)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "wal.meter.slow log=" + logName
                            + ": the log is closed without waiting any longer for its meter, which is told later");
        }
    }

    private void end(Meter.Instruments target) {
        try {
            target.close();
        } catch (Throwable e) {
            tell(e);
        }
    }
}
