package example.totals;

import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** {@code wal.meter=totals}. */
@Named("totals")
public final class TotalsProvider implements MeterProvider {
    @Override
    public String name() {
        return "totals";
    }

    @Override
    public Meter create(Settings settings, PluginContext context) {
        return Totals.INSTANCE;
    }
}
