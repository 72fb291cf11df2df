package io.walnut.tck.bench;

/**
 * What one run did between the start and the stop of the clock.
 *
 * @param units appends, batches, segments: what the {@link Measure} counts
 * @param bytes of keys and values, or of files
 * @param nanos how long it took
 * @param cpuNanos processor time of the whole process meanwhile, its background threads included; negative where the JVM
 *     does not tell
 * @param allocatedPerRecord bytes that the calling threads allocated for each record; NaN where the JVM does not tell
 * @param note what else is worth saying; may be empty
 */
public record Sample(long units, long bytes, long nanos, long cpuNanos, double allocatedPerRecord, String note) {
    Sample withoutAllocation() {
        return new Sample(units, bytes, nanos, cpuNanos, Double.NaN, note);
    }

    Sample withNote(String text) {
        return new Sample(units, bytes, nanos, cpuNanos, allocatedPerRecord, text);
    }
}
