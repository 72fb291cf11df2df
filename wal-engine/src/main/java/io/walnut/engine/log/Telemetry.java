package io.walnut.engine.log;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.WalEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a log tells its meter. Whatever the meter throws ends here: it is logged once and changes nothing. */
public final class Telemetry implements MetricSource, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.walnut.meter");

    private final String logName;
    private final String nodeId;
    private final Map<String, LongSupplier> totals = new HashMap<>();
    private final Map<String, LongAdder> counters = new HashMap<>();
    private Meter.@Nullable Instruments instruments;
    private volatile boolean told;

    /** Nothing is metered before {@link #attach}. */
    public Telemetry(String logName, String nodeId) {
        this.logName = logName;
        this.nodeId = nodeId;
    }

    /** A total or state is pulled from here. To be called before {@link #attach}. */
    public void pull(Metric metric, LongSupplier value) {
        totals.put(metric.name(), value);
    }

    /** {@return a counter that is pulled for this metric} To be called before {@link #attach}. */
    public LongAdder counter(Metric metric) {
        LongAdder counter = counters.computeIfAbsent(metric.name(), name -> new LongAdder());
        totals.put(metric.name(), counter::sum);
        return counter;
    }

    /** Starts metering. */
    public void attach(Meter meter) {
        try {
            instruments = meter.attach(this);
        } catch (RuntimeException | LinkageError e) {
            tell(e);
        }
    }

    void record(Metric metric, long value) {
        Meter.Instruments target = instruments;
        if (target != null) {
            try {
                target.record(metric, value);
            } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
                tell(e);
            }
        }
    }

    void event(Supplier<WalEvent> event) {
        Meter.Instruments target = instruments;
        if (target != null) {
            try {
                target.event(event.get());
            } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
                tell(e);
            }
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
        LongSupplier value = totals.get(metric.name());
        return value == null ? 0 : value.getAsLong();
    }

    @Override
    public void close() {
        Meter.Instruments target = instruments;
        instruments = null;
        if (target != null) {
            try {
                target.close();
            } catch (RuntimeException | LinkageError e) {
                tell(e);
            }
        }
    }
}
