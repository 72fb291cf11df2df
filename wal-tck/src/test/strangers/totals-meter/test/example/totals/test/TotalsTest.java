package example.totals.test;

import example.totals.Totals;
import example.totals.TotalsProvider;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metrics;
import io.walnut.tck.kit.MeterKit;

class TotalsTest extends MeterKit {
    @Override
    protected MeterProvider provider() {
        return new TotalsProvider();
    }

    @Override
    protected boolean collect() {
        return Totals.INSTANCE.sum(Metrics.SEGMENTS) >= 0;
    }
}
