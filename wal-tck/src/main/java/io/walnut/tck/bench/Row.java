package io.walnut.tck.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one workload in one configuration.
 *
 * @param workload its name
 * @param configuration what tells it from other rows of the workload
 * @param measure what the runs are measured by
 * @param targets what it should reach
 * @param log the runs of the log
 * @param limits the runs of each limit, each run beside the one of the log; empty if there is none
 * @param skipped why nothing was measured; null if it was
 * @param failed what went wrong; null if nothing did
 */
public record Row(
        String workload,
        String configuration,
        Measure measure,
        List<Target> targets,
        Series log,
        List<Series> limits,
        @Nullable String skipped,
        @Nullable String failed) {
    private static final Series NONE = new Series("", List.of(), null);

    /** Copies. */
    public Row {
        targets = List.copyOf(targets);
        limits = List.copyOf(limits);
    }

    /** {@return whether there are figures} */
    public boolean measured() {
        return skipped == null && failed == null;
    }

    /** {@return whether the row is cold: the log was new, and stands beside the limits R and S} */
    public boolean cold() {
        return limits.size() > 1;
    }

    /** {@return the runs of the log, in the unit of the measure} */
    public Stats walnut() {
        return log.values(measure);
    }

    /** {@return the first limit; without runs if there is none} */
    public Series limit() {
        return limit(0);
    }

    /**
     * One of the limits.
     *
     * @param number its number, from 0
     * @return the limit; without runs if there is none
     */
    public Series limit(int number) {
        return number < limits.size() ? limits.get(number) : NONE;
    }

    /** {@return the ratios to the first limit; NaN if there is none} */
    public Stats ratio() {
        return ratio(limit());
    }

    /**
     * The ratios of the runs of the log to the runs of a limit beside them.
     *
     * @param limit one of {@link #limits()}
     * @return the ratios; NaN if the limit has no runs
     */
    public Stats ratio(Series limit) {
        double[] ratios = new double[limit.runs().size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = measure.of(log.runs().get(i)) / measure.of(limit.runs().get(i));
        }
        return Stats.of(ratios);
    }

    /** {@return the bytes that a record allocated on the calling threads; NaN where the JVM does not tell} */
    public double allocatedPerRecord() {
        return Stats.of(log.runs().stream()
                        .mapToDouble(Sample::allocatedPerRecord)
                        .toArray())
                .median();
    }

    /** {@return what the last run had to say; may be empty} */
    public String note() {
        return log.runs().isEmpty() ? "" : log.runs().get(log.runs().size() - 1).note();
    }
}
