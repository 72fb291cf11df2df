package example.totals.test;

import example.totals.Totals;
import io.walnut.spi.WalEvent;

class M113FailsOnNewEvents extends BrokenTotals {
    M113FailsOnNewEvents() {
        super(new Totals() {
            @Override
            protected void count(WalEvent event) {
                if (!event.getClass().getName().startsWith("io.walnut.spi.")) {
                    throw new IllegalArgumentException("what is a " + event.getClass().getSimpleName() + "?");
                }
            }
        });
    }
}
