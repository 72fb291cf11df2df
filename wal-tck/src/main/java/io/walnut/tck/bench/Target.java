package io.walnut.tck.bench;

import java.util.Locale;

/**
 * What a workload should reach.
 *
 * @param of what is compared
 * @param bound with what
 * @param least whether the bound is the least that is good, or the most
 */
public record Target(Of of, double bound, boolean least) {
    /** What a target is about. */
    public enum Of {
        /** The ratio to the limit. */
        RATIO,
        /** The measured value itself. */
        VALUE,
        /** Bytes allocated for each record. */
        ALLOCATION
    }

    private static final double ROUNDING = 0.5;

    static Target ratio(double least) {
        return new Target(Of.RATIO, least, true);
    }

    static Target ratioAtMost(double most) {
        return new Target(Of.RATIO, most, false);
    }

    static Target atMost(double value) {
        return new Target(Of.VALUE, value, false);
    }

    static Target allocating(double most) {
        return new Target(Of.ALLOCATION, most, false);
    }

    /**
     * Whether a row reaches it; what the JVM does not tell is not reached. Allocation is rounded to whole bytes, because
     * opening a file now and then is shared by all records.
     *
     * @param row what was measured
     * @return true if it does
     */
    public boolean met(Row row) {
        double value = switch (of) {
            case RATIO -> row.ratio().median();
            case VALUE -> row.walnut().median();
            case ALLOCATION -> row.allocatedPerRecord() - ROUNDING;
        };
        return least ? value >= bound : value <= bound;
    }

    /** {@return the target as text} */
    public String text() {
        String sign = least ? ">= " : "<= ";
        return switch (of) {
            case RATIO -> sign + String.format(Locale.ROOT, "%.2f", bound);
            case VALUE -> sign + String.format(Locale.ROOT, "%.2f", bound) + " ms/segment";
            case ALLOCATION -> sign + String.format(Locale.ROOT, "%.0f B", bound);
        };
    }
}
