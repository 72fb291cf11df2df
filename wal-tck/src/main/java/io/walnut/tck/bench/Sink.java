package io.walnut.tck.bench;

import java.io.Closeable;

/** Takes the records of a cold run: a log, or a limit. Closing it writes all of them to its files. */
interface Sink extends Closeable {
    /** Takes the records of one thread. */
    interface Lane {
        /**
         * Appends one by one, records or batches as the sink was made for.
         *
         * @param first the number of the first record; a batch has the same records each time
         * @param calls how many records or batches
         */
        void append(int first, int calls) throws Exception;
    }

    /** {@return a lane for one thread, made before the clock starts} */
    Lane lane();
}
