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
 * @param deviceBytes bytes that the device wrote for the run until all of it was forced; negative if they were not counted
 * @param note what else is worth saying; may be empty
 */
public record Sample(
        long units, long bytes, long nanos, long cpuNanos, double allocatedPerRecord, long deviceBytes, String note) {
    Sample(long units, long bytes, long nanos, long cpuNanos, double allocatedPerRecord, String note) {
        this(units, bytes, nanos, cpuNanos, allocatedPerRecord, -1, note);
    }

    Sample withoutAllocation() {
        return new Sample(units, bytes, nanos, cpuNanos, Double.NaN, deviceBytes, note);
    }

    Sample withNote(String text) {
        return new Sample(units, bytes, nanos, cpuNanos, allocatedPerRecord, deviceBytes, text);
    }

    Sample withDeviceBytes(long written) {
        return new Sample(units, bytes, nanos, cpuNanos, allocatedPerRecord, written, note);
    }
}
