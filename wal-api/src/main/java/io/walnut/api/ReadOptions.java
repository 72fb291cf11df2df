package io.walnut.api;

/**
 * How to read. Immutable; start from {@link #DEFAULT}.
 *
 * @param durableOnly whether the reader stops at {@link Wal#durableEnd()}, instead of at the highest acknowledged
 *     position; such a reader never sees what a power loss can take back
 */
public record ReadOptions(boolean durableOnly) {
    /** Everything that was acknowledged. */
    public static final ReadOptions DEFAULT = new ReadOptions(false);

    /** {@return these options, but reading only what is on the device} */
    public ReadOptions withDurableOnly() {
        return new ReadOptions(true);
    }
}
