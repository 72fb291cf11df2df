package io.walnut.tck.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one workload in one configuration.
 *
 * @param workload its name
 * @param configuration what tells it from other rows of the workload
 * @param limitName what the limit is; empty if there is none
 * @param measure what the runs are measured by
 * @param targets what it should reach
 * @param walnutRuns the counted runs of the log
 * @param limitRuns the counted runs of the limit, each beside the one of the log; empty if there is none
 * @param walnutLatencies how long single calls to the log took, if they were timed
 * @param limitLatencies the same of the limit
 * @param skipped why nothing was measured; null if it was
 * @param failed what went wrong; null if nothing did
 */
public record Row(
        String workload,
        String configuration,
        String limitName,
        Measure measure,
        List<Target> targets,
        List<Sample> walnutRuns,
        List<Sample> limitRuns,
        @Nullable Percentiles walnutLatencies,
        @Nullable Percentiles limitLatencies,
        @Nullable String skipped,
        @Nullable String failed) {
    /** {@return whether there are figures} */
    public boolean measured() {
        return skipped == null && failed == null;
    }

    /** {@return the runs of the log, in the unit of the measure} */
    public Stats walnut() {
        return Stats.of(walnutRuns.stream().mapToDouble(measure::of).toArray());
    }

    /** {@return the runs of the limit, in the unit of the measure; NaN if there is none} */
    public Stats limit() {
        return Stats.of(limitRuns.stream().mapToDouble(measure::of).toArray());
    }

    /** {@return the ratios of the runs of the log to the runs of the limit beside them; NaN if there is none} */
    public Stats ratio() {
        double[] ratios = new double[limitRuns.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = measure.of(walnutRuns.get(i)) / measure.of(limitRuns.get(i));
        }
        return Stats.of(ratios);
    }

    /** {@return processor seconds of all counted runs of the log together; NaN where the JVM does not tell} */
    public double cpuSeconds() {
        return walnutRuns.stream()
                        .mapToDouble(run -> run.cpuNanos() < 0 ? Double.NaN : run.cpuNanos())
                        .sum()
                / 1e9;
    }

    /** {@return the bytes that a record allocated on the calling threads; NaN where the JVM does not tell} */
    public double allocatedPerRecord() {
        return Stats.of(walnutRuns.stream()
                        .mapToDouble(Sample::allocatedPerRecord)
                        .toArray())
                .median();
    }

    /** {@return what the last run had to say; may be empty} */
    public String note() {
        return walnutRuns.isEmpty() ? "" : walnutRuns.get(walnutRuns.size() - 1).note();
    }
}
