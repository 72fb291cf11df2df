package io.walnut.tck.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one side of a row: of the log, or of one of its limits.
 *
 * @param name the name of the side; empty for the log
 * @param runs its counted runs
 * @param latencies the latencies of its single calls, if they were timed
 */
public record Series(
        String name, List<Sample> runs, @Nullable Percentiles latencies) {
    /** Copies. */
    public Series {
        runs = List.copyOf(runs);
    }

    /**
     * The values of the runs.
     *
     * @param measure measures each of them
     * @return their values in its unit; NaN if there are no runs
     */
    public Stats values(Measure measure) {
        return Stats.of(runs.stream().mapToDouble(measure::of).toArray());
    }

    /** {@return processor seconds of all runs together; NaN where the JVM does not tell} */
    public double cpuSeconds() {
        return runs.stream().mapToDouble(Series::cpuNanos).sum() / 1e9;
    }

    /** {@return the median of the processor time for a unit, all threads of the process included; NaN if unknown} */
    public double cpuNanosPerUnit() {
        return Stats.of(runs.stream()
                        .mapToDouble(run -> cpuNanos(run) / Math.max(1, run.units()))
                        .toArray())
                .median();
    }

    /** {@return the median of the bytes that the device wrote for each byte of keys and values; NaN if unknown} */
    public double deviceBytesPerByte() {
        return Stats.of(runs.stream()
                        .mapToDouble(run -> run.deviceBytes() < 0
                                ? Double.NaN
                                : (double) run.deviceBytes() / Math.max(1, run.bytes()))
                        .toArray())
                .median();
    }

    private static double cpuNanos(Sample run) {
        return run.cpuNanos() < 0 ? Double.NaN : run.cpuNanos();
    }
}
