package io.walnut.engine.meter;

import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The meter {@code jfr}: writes events into flight recordings, so that one explains a slow append. */
@Named("jfr")
public final class JfrMeterProvider implements MeterProvider {
    /** For the service loader. */
    public JfrMeterProvider() {}

    @Override
    public String name() {
        return "jfr";
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        try {
            return JfrMeter.create();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "the module jdk.jfr is not there: use a JDK that has it, and start it with --add-modules jdk.jfr",
                    e);
        }
    }
}
