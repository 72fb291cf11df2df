package io.walnut.engine.log;

import io.walnut.spi.StorageFile;
import java.io.IOException;

/**
 * Stores frames into the segment that is appended to. All calls but {@link #flush} and {@link #force} are made under the
 * append lock, or before or after the segment is appended to.
 */
interface SegmentWriter {
    /**
     * Stores frames, which are in the kernel at the latest after a {@link #flush}. The death of the process at any instant
     * leaves a prefix of them and a clean end: their first word is stored last, or they are written in order.
     */
    void put(int at, AppendBuffer buffer, int from, int length) throws IOException;

    /** Hands everything stored so far to the kernel, where the death of the process does not harm it. */
    void flush() throws IOException;

    /** More space has been reserved. */
    void reserved(Reservation more);

    /** {@return what is needed to store into the space up to there; made before it is {@link #reserved}} */
    Reservation reserve(long to) throws IOException;

    /** {@return the file that is written} */
    StorageFile file();

    /** Makes everything stored so far durable. */
    void force() throws IOException;

    /** Frees the means of storing; the file stays open. */
    void release();

    /** Space that can be stored into. */
    interface Reservation {}
}
