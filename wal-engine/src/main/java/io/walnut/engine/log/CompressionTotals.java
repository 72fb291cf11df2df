package io.walnut.engine.log;

import io.walnut.engine.Codecs;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What codecs made of values. The time is that of one value in {@value #SAMPLE}, times as much. */
final class CompressionTotals {
    static final int SAMPLE = 16;

    /** The totals of one codec. */
    private static final class Totals {
        private final int codec;
        private final LongAdder in = new LongAdder();
        private final LongAdder out = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        Totals(int codec) {
            this.codec = codec;
        }
    }

    private final Codecs codecs;
    private final List<Totals> totals = new CopyOnWriteArrayList<>();

    CompressionTotals(Codecs codecs, Telemetry telemetry) {
        this.codecs = codecs;
        telemetry.pullEach(Metrics.COMPRESSION_IN, target -> tell(target, each -> each.in));
        telemetry.pullEach(Metrics.COMPRESSION_OUT, target -> tell(target, each -> each.out));
        telemetry.pullEach(Metrics.COMPRESSION_TIME, target -> tell(target, each -> each.nanos));
    }

    private void tell(MetricSource.Values target, Function<Totals, LongAdder> which) {
        totals.forEach(each -> target.value(which.apply(each).sum(), List.of(codecs.nameOf(each.codec))));
    }

    /** {@return the clock, or 0 if this value's time is not taken} */
    static long start(AppendBuffer buffer) {
        return buffer.sample++ % SAMPLE == 0 ? System.nanoTime() : 0;
    }

    /** A value was compressed. */
    void add(int codec, int plainBytes, int storedBytes, long start) {
        Totals its = find(codec);
        if (its == null) {
            its = findOrAdd(codec);
        }
        its.in.add(plainBytes);
        its.out.add(storedBytes);
        if (start != 0) {
            its.nanos.add(SAMPLE * (System.nanoTime() - start));
        }
    }

    private @Nullable Totals find(int codec) {
        for (int i = 0; i < totals.size(); i++) { // hardly ever more than one
            Totals its = totals.get(i);
            if (its.codec == codec) {
                return its;
            }
        }
        return null;
    }

    private synchronized Totals findOrAdd(int codec) {
        Totals its = find(codec);
        if (its == null) {
            its = new Totals(codec);
            totals.add(its);
        }
        return its;
    }
}
