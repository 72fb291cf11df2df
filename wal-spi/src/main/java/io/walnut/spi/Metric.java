package io.walnut.spi;

/**
 * The public definition of a metric.
 *
 * @param name in the style of OpenTelemetry, {@code wal.fsync.duration}
 * @param kind how it behaves
 * @param unit a UCUM unit: {@code s}, {@code By}, {@code {record}}
 * @param description one sentence for a person
 */
public record Metric(String name, Kind kind, String unit, String description) {
    /** How a metric behaves. */
    public enum Kind {
        /** A total that only grows while the log is open. */
        COUNTER,
        /** A present state. */
        GAUGE,
        /** Single values, pushed. */
        HISTOGRAM
    }

    /** {@return whether its values are durations, passed on as nanoseconds} */
    public boolean isDuration() {
        return unit.equals("s");
    }
}
