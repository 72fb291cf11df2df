package io.walnut.otel;

import java.util.List;

/** The buckets that histograms advise; a view of the SDK can say otherwise. */
final class Buckets {
    /** Seconds: from a force of a fast device, some ten microseconds, to the recovery of a large log. */
    static final List<Double> DURATION = List.of(
            0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
            0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0);

    /** Bytes, or whatever is counted: powers of four up to 1 GiB. */
    static final List<Long> SIZE = List.of(
            64L, 256L, 1L << 10, 1L << 12, 1L << 14, 1L << 16, 1L << 18, 1L << 20, 1L << 22, 1L << 24, 1L << 26,
            1L << 28, 1L << 30);

    private Buckets() {}
}
