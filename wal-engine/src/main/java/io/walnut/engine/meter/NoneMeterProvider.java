package io.walnut.engine.meter;

import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The meter {@code none}: tells nobody. */
@Named("none")
public final class NoneMeterProvider implements MeterProvider {
    /** For the service loader. */
    public NoneMeterProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        return source -> Meter.Instruments.NONE;
    }
}
