package io.walnut.engine.log;

import io.walnut.spi.StorageFile;
import java.io.IOException;

/**
 * Stores frames into the segment that is appended to. All calls but {@link #flush}, {@link #leave}, {@link #populate}
 * and {@link #force} are made under the append lock, or before or after the segment is appended to.
 */
interface SegmentWriter {
    /**
     * Stores frames, which are in the kernel at the latest after a {@link #flush}. The death of the process at any instant
     * leaves a prefix of them and a clean end: their first word is stored last, or they are written in order.
     */
    void put(int at, AppendBuffer buffer, int from, int length) throws IOException;

    /**
     * As {@link #put}, when what was stored before has been forced: the pages are clean then, and a mapped store would pay
     * for making them dirty.
     */
    default void putAfterForce(int at, AppendBuffer buffer, int from, int length) throws IOException {
        put(at, buffer, from, length);
    }

    /** Hands everything stored so far to the kernel, where the death of the process does not harm it. */
    void flush() throws IOException;

    /** {@return how much a reservation should span} */
    int window();

    /** {@return what is needed to store into a part of the reserved space; made before it is {@linkplain #use used}} */
    Reservation reserve(long from, long to) throws IOException;

    /** Takes another reservation into use, which begins at or before the tail; returns the one before, to be freed. */
    Reservation use(Reservation more);

    /**
     * What lies before a place is about to be forced, and nothing is stored there any more. While the window does not
     * move, nor is released.
     */
    default void leave(int end) {}

    /** {@return whether it helps to {@link #populate} what is stored to next} */
    default boolean populates() {
        return false;
    }

    /** A part of the space will be stored to soon. While the window does not move, nor is released. */
    default void populate(int from, int to) {}

    /** {@return whether a store may be an operation of the storage, and not only a store to memory} */
    default boolean writesThrough() {
        return true;
    }

    /** {@return the file that is written} */
    StorageFile file();

    /** Makes everything stored so far durable. */
    void force() throws IOException;

    /** Frees the means of storing; the file stays open. */
    void release();

    /** Space that can be stored into. */
    interface Reservation {
        /** There is nothing to be freed. */
        Reservation NOTHING = () -> {};

        /** Nobody stores into it any more. */
        void free();
    }
}
