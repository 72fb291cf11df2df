/**
 * Reports a log to OpenTelemetry: its metrics to the meter {@code io.walnut}, its events as log records of the logger of
 * the same name.
 */
module io.walnut.otel {
    requires transitive io.walnut.spi;
    requires transitive io.opentelemetry.api;
    requires static org.jspecify;

    exports io.walnut.otel;

    provides io.walnut.spi.MeterProvider with
            io.walnut.otel.OpenTelemetryMeterProvider;
}
