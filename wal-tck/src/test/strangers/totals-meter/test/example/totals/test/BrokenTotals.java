package example.totals.test;

import example.totals.Totals;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metrics;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import io.walnut.tck.kit.MeterKit;
import jakarta.inject.Named;

/** The kit on a provider of other totals. */
abstract class BrokenTotals extends MeterKit {
    private final Totals totals;

    BrokenTotals(Totals totals) {
        this.totals = totals;
    }

    @Override
    protected MeterProvider provider() {
        return new Broken(totals);
    }

    @Override
    protected boolean collect() {
        return totals.sum(Metrics.SEGMENTS) >= 0;
    }

    @Named("totals")
    record Broken(Totals totals) implements MeterProvider {
        @Override
        public String name() {
            return "totals";
        }

        @Override
        public Meter create(Settings settings, PluginContext context) {
            return totals;
        }
    }
}
