package io.walnut.engine.jmh;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.WalEvent;
import java.util.concurrent.atomic.LongAdder;

/** Meters to compare. */
final class Meters {
    private Meters() {}

    /** Drops everything. */
    static Meter none() {
        return source -> new Counting(new LongAdder(), false);
    }

    /** Adds up everything that it is told. */
    static Meter recording() {
        return source -> new Counting(new LongAdder(), true);
    }

    private record Counting(LongAdder sum, boolean counts) implements Meter.Instruments {
        @Override
        public void record(Metric metric, long value) {
            if (counts) {
                sum.add(value);
            }
        }

        @Override
        public void event(WalEvent event) {
            if (counts) {
                sum.increment();
            }
        }

        @Override
        public void close() {}
    }
}
