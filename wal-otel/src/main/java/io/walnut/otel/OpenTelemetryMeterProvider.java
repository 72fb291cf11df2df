package io.walnut.otel;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.lang.System.Logger.Level;

/**
 * Makes meters that report to {@link GlobalOpenTelemetry}: {@code wal.meter=otel}.
 *
 * <p>The global instance is looked up when a log is opened, and neither set nor configured by that: where there is none
 * yet, that log reports nothing, and a warning says so.
 */
@Named("otel")
public final class OpenTelemetryMeterProvider implements MeterProvider {
    static final ConfigKey<Boolean> FSYNC_EVENTS = ConfigKey.of(
                    "fsync-events",
                    ConfigType.BOOLEAN,
                    "Whether every single force is an event too, thousands a second on a busy log. Counts, durations and"
                            + " sizes of forces are metrics anyway.")
            .withDefault(false);

    private static final ConfigSpec CONFIG = ConfigSpec.of(FSYNC_EVENTS);

    /** For {@link java.util.ServiceLoader}. */
    public OpenTelemetryMeterProvider() {}

    @Override
    public String name() {
        return "otel";
    }

    @Override
    public ConfigSpec config() {
        return CONFIG;
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        return new OpenTelemetryMeter(() -> global(context.logName()), settings.get(FSYNC_EVENTS));
    }

    private static OpenTelemetry global(String logName) {
        if (!GlobalOpenTelemetry.isSet()) {
            System.getLogger("io.walnut.otel")
                    .log(
                            Level.WARNING,
                            "the log {0} reports nothing: set GlobalOpenTelemetry before the log is opened",
                            logName);
        }
        return GlobalOpenTelemetry.getOrNoop();
    }
}
