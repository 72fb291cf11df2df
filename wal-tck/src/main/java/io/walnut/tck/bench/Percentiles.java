package io.walnut.tck.bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The distribution of the latencies of single calls.
 *
 * @param count how many were timed
 * @param nanos at each of {@link #LEVELS}, in nanoseconds
 */
public record Percentiles(long count, List<Long> nanos) {
    /** The percentiles that are reported; the last is the greatest of all. */
    public static final List<Double> LEVELS = List.of(50.0, 90.0, 99.0, 99.9, 99.99, 100.0);

    /** What they are called. */
    public static final List<String> NAMES = List.of("p50", "p90", "p99", "p99.9", "p99.99", "max");

    static Percentiles of(Histogram histogram) {
        return new Percentiles(
                histogram.getTotalCount(),
                LEVELS.stream().map(histogram::getValueAtPercentile).toList());
    }
}
