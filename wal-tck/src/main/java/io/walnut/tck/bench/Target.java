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
        /** The ratio of a cold row to R, its first limit. */
        RATIO_TO_WRITES,
        /** The ratio of a cold row to S, its second limit. */
        RATIO_TO_STAGE,
        /** Bytes that the device wrote for each byte of keys and values. */
        DEVICE_BYTES,
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

    static Target ofWrites(double least) {
        return new Target(Of.RATIO_TO_WRITES, least, true);
    }

    static Target ofStage(double least) {
        return new Target(Of.RATIO_TO_STAGE, least, true);
    }

    static Target deviceBytes(double most) {
        return new Target(Of.DEVICE_BYTES, most, false);
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
            case RATIO, RATIO_TO_WRITES -> row.ratio().median();
            case RATIO_TO_STAGE -> row.ratio(row.limit(1)).median();
            case DEVICE_BYTES -> row.log().deviceBytesPerByte();
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
            case RATIO_TO_WRITES -> sign + String.format(Locale.ROOT, "%.2f R", bound);
            case RATIO_TO_STAGE -> sign + String.format(Locale.ROOT, "%.2f S", bound);
            case DEVICE_BYTES -> sign + String.format(Locale.ROOT, "%.2f B/B", bound);
            case VALUE -> sign + String.format(Locale.ROOT, "%.2f", bound) + " ms/segment";
            case ALLOCATION -> sign + String.format(Locale.ROOT, "%.0f B", bound);
        };
    }
}
