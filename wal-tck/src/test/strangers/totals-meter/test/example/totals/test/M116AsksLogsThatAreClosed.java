package example.totals.test;

import example.totals.Totals;
import io.walnut.spi.MetricSource;

class M116AsksLogsThatAreClosed extends BrokenTotals {
    M116AsksLogsThatAreClosed() {
        super(new Totals() {
            @Override
            protected void closed(MetricSource source) {}
        });
    }
}
