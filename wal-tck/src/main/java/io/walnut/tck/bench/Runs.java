package io.walnut.tck.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs of a case, as they come in. */
final class Runs {
    private final Case what;
    private final List<Sample> walnut = new ArrayList<>();
    private final List<Sample> limit = new ArrayList<>();
    final Latencies walnutLatencies = new Latencies();
    final Latencies limitLatencies = new Latencies();

    Runs(Case what) {
        this.what = what;
    }

    void add(@Nullable Sample ofWalnut, @Nullable Sample ofLimit) {
        if (ofWalnut != null) {
            walnut.add(ofWalnut);
        }
        if (ofLimit != null) {
            limit.add(ofLimit);
        }
    }

    Row row(@Nullable String skipped, @Nullable String failed) {
        return new Row(
                what.workload(),
                what.configuration(),
                what.limit(),
                what.measure(),
                what.targets(),
                List.copyOf(walnut),
                List.copyOf(limit),
                percentiles(walnutLatencies),
                percentiles(limitLatencies),
                skipped,
                failed);
    }

    private static @Nullable Percentiles percentiles(Latencies latencies) {
        Percentiles percentiles = latencies.percentiles();
        return percentiles.count() == 0 ? null : percentiles;
    }
}
