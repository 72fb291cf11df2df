package io.walnut.otel;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.walnut.spi.Meter;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/**
 * Reports any number of logs to one OpenTelemetry. Thread-safe.
 *
 * <p>Counters and gauges are asynchronous: the log is asked when a reader collects, and costs nothing otherwise. When a
 * log is closed they are unregistered, and its totals end; what OpenTelemetry has aggregated of its histograms stays. Logs
 * that are open at the same time need different names or node ids, or else one hides the other.
 *
 * <p>Durations are in seconds. Events are log records with an event name ({@code wal.segment_rolled}), the log's time and
 * {@code wal.position}. Opening a log is a span too, {@code wal.open}. Events of types unknown to this version are left out.
 */
public final class OpenTelemetryMeter implements Meter {
    static final String SCOPE = "io.walnut";

    private final Supplier<OpenTelemetry> openTelemetry;
    private final boolean fsyncEvents;

    /**
     * A meter that leaves out the events of single forces.
     *
     * @param openTelemetry what to report to; not closed
     */
    @Inject
    public OpenTelemetryMeter(OpenTelemetry openTelemetry) {
        this(() -> openTelemetry, false);
    }

    OpenTelemetryMeter(Supplier<OpenTelemetry> openTelemetry, boolean fsyncEvents) {
        this.openTelemetry = openTelemetry;
        this.fsyncEvents = fsyncEvents;
    }

    @Override
    public Instruments attach(MetricSource source) {
        OpenTelemetry target = openTelemetry.get();
        Attributes attributes = attributesOf(source);
        return new LogInstruments(
                target.getMeter(SCOPE),
                source,
                attributes,
                new EventLog(target.getLogsBridge().get(SCOPE), attributes, fsyncEvents),
                new Spans(target.getTracer(SCOPE), attributes));
    }

    private static Attributes attributesOf(MetricSource source) {
        AttributesBuilder attributes = Attributes.builder().put(Metrics.LOG_NAME, source.logName());
        if (!source.nodeId().isEmpty()) {
            attributes.put(Metrics.NODE_ID, source.nodeId());
        }
        return attributes.build();
    }
}
