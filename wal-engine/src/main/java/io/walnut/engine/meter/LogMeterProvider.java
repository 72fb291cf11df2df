package io.walnut.engine.meter;

import io.walnut.engine.log.Workers;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.time.Duration;

/** The meter {@code log}: writes one line of what happened, now and then, to {@link System.Logger}. */
@Named("log")
public final class LogMeterProvider implements MeterProvider {
    static final ConfigKey<Duration> EVERY = ConfigKey.inRange(
            ConfigKey.of("every", ConfigType.DURATION, "How often a line is written.")
                    .withDefault(Duration.ofMinutes(1)),
            Duration.ofMillis(1),
            Duration.ofDays(1));

    private static final ConfigSpec CONFIG = ConfigSpec.of(EVERY);

    /** For the service loader. */
    public LogMeterProvider() {}

    @Override
    public String name() {
        return "log";
    }

    @Override
    public ConfigSpec config() {
        return CONFIG;
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        return new LogMeter(System.getLogger("io.walnut.meter"), Workers.shared(), settings.get(EVERY));
    }
}
