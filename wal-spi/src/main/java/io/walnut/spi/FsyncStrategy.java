package io.walnut.spi;

/**
 * Decides when appended bytes are forced; the engine does the forcing. Asked after each append, outside of every lock,
 * by many threads at a time. Must be quick, and allocate nothing.
 */
public interface FsyncStrategy {
    /** The answer for: force now, and let the append return only then. */
    long NOW = 0;

    /** The answer for: not by itself. The engine still forces at rotation, {@code sync()} and {@code close()}. */
    long NOT_BY_ITSELF = Long.MAX_VALUE;

    /**
     * Says when what is pending has to be forced.
     *
     * @param pendingBytes how many appended bytes are not forced yet, the append that asks included; at least 1
     * @param appendBytes how many of them belong to the append that asks
     * @return {@link #NOW}; or a number of nanoseconds within which the engine forces by a timer, while the append
     *     returns at once; or {@link #NOT_BY_ITSELF}
     */
    long forceWithinNanos(long pendingBytes, long appendBytes);

    /**
     * {@return whether the answer mostly is {@link #NOW}} A hint by which an engine chooses how to write; it changes no
     * promise.
     */
    default boolean forcesEachAppend() {
        return false;
    }

    /**
     * {@return whether the answer ever is anything but {@link #NOT_BY_ITSELF}} A hint by which an engine chooses whether
     * to force space before it is used; it changes no promise.
     */
    default boolean forcesByItself() {
        return true;
    }
}
