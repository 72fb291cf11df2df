package example.counting;

import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.PluginContext;
import io.walnut.spi.WalEvent;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** Prints how many records were appended when the log is closed. */
@Named("counting")
public final class CountingMeterProvider implements MeterProvider {
    @Override
    public String name() {
        return "counting";
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        return source -> new Printing(source);
    }

    private record Printing(MetricSource source) implements Meter.Instruments {
        @Override
        public void record(Metric metric, long value) {}

        @Override
        public void event(WalEvent event) {}

        @Override
        public void close() {
            System.setProperty("example.counted", "" + source.value(Metrics.RECORDS_APPENDED));
            System.out.println("counted " + source.value(Metrics.RECORDS_APPENDED) + " in " + source.logName());
        }
    }
}
