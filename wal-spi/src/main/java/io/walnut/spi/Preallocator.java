package io.walnut.spi;

import java.io.IOException;

/**
 * Reserves the space of a segment before it is needed. Called on a background thread. Thread-safe. Appends, deletions and
 * closing wait for it, so it must not call the log that it reserves space for: such a call fails with the reason {@code PLUGIN}.
 */
public interface Preallocator {
    /**
     * Reserves space at the end of a file, which reads as zeros afterwards. Reserving must not alter what is below.
     *
     * @param file a segment's file
     * @param from where the space begins: the end of what was reserved before
     * @param to where it ends
     * @throws IOException if the space cannot be had; the engine gives back what was reserved in part
     */
    void reserve(StorageFile file, long from, long to) throws IOException;

    /**
     * Reserves space as {@link #reserve} does, for a log that overwrites it before it forces it: how cheap a force is does not
     * depend on what was reserved. The default calls {@code reserve}.
     *
     * @param file a segment's file
     * @param from where the space begins
     * @param to where it ends
     * @return whether nothing was written for that
     * @throws IOException if the space cannot be had
     */
    default boolean reserveOnly(StorageFile file, long from, long to) throws IOException {
        reserve(file, from, to);
        return false;
    }

    /**
     * Returns whether a write into reserved space cannot fail for want of space. Only then an append is acknowledged before
     * it is written there.
     *
     * @return true if it has
     */
    boolean fills();
}
