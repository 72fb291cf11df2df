package io.walnut.tck.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs of a case, as they come in. */
final class Runs {
    /** The runs of one side. */
    static final class OfSide {
        private final List<Sample> samples = new ArrayList<>();
        final Latencies latencies = new Latencies();

        void add(Sample sample) {
            samples.add(sample);
        }

        private Series series(String name) {
            Percentiles percentiles = latencies.percentiles();
            return new Series(name, samples, percentiles.count() == 0 ? null : percentiles);
        }
    }

    private final Case what;
    private final List<OfSide> sides = new ArrayList<>();

    Runs(Case what) {
        this.what = what;
        for (int side = 0; side <= what.limits().size(); side++) {
            sides.add(new OfSide());
        }
    }

    /** {@return the runs of a side: 0 is the log, the limits follow} */
    OfSide of(int side) {
        return sides.get(side);
    }

    Row row(@Nullable String skipped, @Nullable String failed) {
        List<Series> limits = new ArrayList<>();
        for (int limit = 0; limit < what.limits().size(); limit++) {
            limits.add(of(limit + 1).series(what.limits().get(limit)));
        }
        return new Row(
                what.workload(),
                what.configuration(),
                what.measure(),
                what.targets(),
                of(0).series(""),
                limits,
                skipped,
                failed);
    }
}
