package io.walnut.tck.bench;

import java.util.Locale;

/** What a run is measured by. */
public enum Measure {
    /** Appends a second. */
    APPENDS("appends/s"),
    /** Batches a second. */
    BATCHES("batches/s"),
    /** Values a second. */
    VALUES("values/s"),
    /** Logs opened a second. */
    LOGS("logs/s"),
    /** Bytes a second. */
    BYTES("B/s"),
    /** Milliseconds for each segment. */
    MILLIS_PER_SEGMENT("ms/segment"),
    /** Milliseconds of the call that took longest. */
    LONGEST_MILLIS("ms");

    private final String unit;

    Measure(String unit) {
        this.unit = unit;
    }

    /** {@return the unit of its values} */
    public String unit() {
        return unit;
    }

    /**
     * The value of a run.
     *
     * @param sample a run
     * @return its value in {@link #unit()}
     */
    public double of(Sample sample) {
        double seconds = Math.max(1, sample.nanos()) / 1e9;
        return switch (this) {
            case BYTES -> sample.bytes() / seconds;
            case LONGEST_MILLIS -> seconds * 1000;
            case MILLIS_PER_SEGMENT -> seconds * 1000 / Math.max(1, sample.units());
            default -> sample.units() / seconds;
        };
    }

    /**
     * A value as people read it.
     *
     * @param value in {@link #unit()}
     * @return with a unit
     */
    public String format(double value) {
        return number(value) + (this == BYTES ? "" : " ") + unit;
    }

    /**
     * A value as people read it where the unit is known.
     *
     * @param value in {@link #unit()}
     * @return without its unit, but with what that is multiplied by
     */
    public String number(double value) {
        return this == MILLIS_PER_SEGMENT || this == LONGEST_MILLIS
                ? String.format(Locale.ROOT, "%.3f", value)
                : scaled(value);
    }

    private static String scaled(double value) {
        String[] prefixes = {"", "k", "M", "G"};
        double left = value;
        int prefix = 0;
        while (left >= 999.5 && prefix < prefixes.length - 1) {
            left /= 1000;
            prefix++;
        }
        String pattern = left < 9.995 ? "%.2f %s" : left < 99.95 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, pattern, left, prefixes[prefix]).strip();
    }
}
