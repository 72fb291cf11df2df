package io.walnut.tck.bench;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long single calls took, in all runs of a side together. Each thread records into a part of its own. */
final class Latencies {
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 2;

    private final List<Histogram> parts = new CopyOnWriteArrayList<>();

    /** {@return a part for one thread} */
    Histogram part() {
        Histogram part = new Histogram(LONGEST_NANOS, DIGITS);
        parts.add(part);
        return part;
    }

    /** {@return a part into which threads record at the same time} */
    Histogram concurrentPart() {
        Histogram part = new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
        parts.add(part);
        return part;
    }

    static void record(Histogram part, long nanos) {
        part.recordValue(Math.min(LONGEST_NANOS, Math.max(0, nanos)));
    }

    Percentiles percentiles() {
        Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
        parts.forEach(all::add);
        return Percentiles.of(all);
    }
}
