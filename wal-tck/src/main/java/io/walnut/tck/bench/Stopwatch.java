package io.walnut.tck.bench;

/** Times what the calling thread does, from {@link #start()} to {@link #stop}. */
final class Stopwatch {
    private final long cpu = Usage.processCpuNanos();
    private final long allocated = Usage.allocatedBytes();
    private final long start = System.nanoTime();

    private Stopwatch() {}

    static Stopwatch start() {
        return new Stopwatch();
    }

    /** {@return a run in which a unit is a record} */
    Sample stop(long units, long bytes) {
        return stop(units, units, bytes);
    }

    Sample stop(long units, long records, long bytes) {
        long nanos = System.nanoTime() - start;
        long allocatedNow = Usage.allocatedBytes();
        return new Sample(
                units,
                bytes,
                nanos,
                cpuSince(cpu),
                allocated < 0 ? Double.NaN : (double) (allocatedNow - allocated) / Math.max(1, records),
                "");
    }

    static long cpuSince(long before) {
        return before < 0 ? -1 : Usage.processCpuNanos() - before;
    }
}
