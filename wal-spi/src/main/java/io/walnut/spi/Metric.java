package io.walnut.spi;

import java.util.List;

/**
 * The public definition of a metric.
 *
 * @param name in the style of OpenTelemetry, {@code wal.fsync.duration}
 * @param kind how it behaves
 * @param unit a UCUM unit: {@code s}, {@code By}, {@code {record}}
 * @param description one sentence for a person
 * @param attributes by what its values are told apart, beside {@link Metrics#LOG_NAME} and {@link Metrics#NODE_ID}
 */
public record Metric(String name, Kind kind, String unit, String description, List<String> attributes) {
    /** How a metric behaves. */
    public enum Kind {
        /** A total that only grows while the log is open. */
        COUNTER,
        /** A present state. */
        GAUGE,
        /** Single values, pushed. */
        HISTOGRAM
    }

    /** Copies the list. */
    public Metric {
        attributes = List.copyOf(attributes);
    }

    /**
     * A metric with one value for each log.
     *
     * @param name in the style of OpenTelemetry
     * @param kind how it behaves
     * @param unit a UCUM unit
     * @param description one sentence for a person
     */
    public Metric(String name, Kind kind, String unit, String description) {
        this(name, kind, unit, description, List.of());
    }

    /** {@return whether its values are durations, passed on as nanoseconds} */
    public boolean isDuration() {
        return unit.equals("s");
    }
}
