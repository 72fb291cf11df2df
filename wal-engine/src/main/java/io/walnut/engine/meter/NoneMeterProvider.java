package io.walnut.engine.meter;

import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.PluginContext;
import io.walnut.spi.WalEvent;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The meter {@code none}: tells nobody. */
@Named("none")
public final class NoneMeterProvider implements MeterProvider {
    private static final Meter.Instruments SILENT = new Meter.Instruments() {
        @Override
        public void record(Metric metric, long value) {}

        @Override
        public void event(WalEvent event) {}

        @Override
        public void close() {}
    };

    /** For the service loader. */
    public NoneMeterProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        return NoneMeterProvider::silent;
    }

    private static Meter.Instruments silent(MetricSource source) {
        return SILENT;
    }
}
