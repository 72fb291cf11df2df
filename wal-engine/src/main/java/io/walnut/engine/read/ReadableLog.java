package io.walnut.engine.read;

import io.walnut.api.Position;
import io.walnut.api.WalCorruptException;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.Segment;

/** What a reader needs of a log. */
public interface ReadableLog {
    /** {@return what is read} */
    StoredRecords stored();

    /** {@return where reading can begin in a segment} */
    SparseIndex index(Segment segment);

    /** {@return the place just past the last record that can be read} */
    long readableEnd(boolean durableOnly);

    /**
     * Returns a place up to which the files can be read: the end, or less if there is something to be read before it. Has
     * frames that are not in the files yet written there, if nothing else is left.
     *
     * @param from where reading goes on, {@code Long.MAX_VALUE} for everything
     */
    long readableEnd(boolean durableOnly, long from);

    /**
     * Waits until more can be read than up to a place.
     *
     * @return how many nanoseconds are left; 0 or less if nothing came
     */
    long await(long place, boolean durableOnly, long nanos);

    /** {@return the position of the first record that is retained} */
    Position start();

    /** {@return up to where the log was deleted} */
    LowWater lowWater();

    /**
     * Up to where a log was deleted.
     *
     * @param sequence that of the first record that is retained, or of the next one
     * @param place the same as the start of the log, although its segment is gone; 0 if there is none
     */
    record LowWater(long sequence, long place) {
        /** {@return that of a log with this state} */
        public static LowWater of(LogState state) {
            return new LowWater(state.lowSequence(), Place.of(state.previousSegment(), state.previousEnd()));
        }
    }

    /** {@return whether the frame that started at an offset of a segment was removed by a truncation meanwhile} */
    boolean isTruncated(Segment segment, long offset);

    /** Refuses when the log is closed. */
    void checkNotClosed();

    /** Records were read, of frames of so many bytes in all. */
    void read(long records, long bytes);

    /** Reading failed, but not for damage. */
    void readFailed();

    /** A reader met damage. */
    void damaged(WalCorruptException damage);

    /** A streamed value is about to be read, which may outlast the reader. */
    void valueOpened();

    /** The stream of a value was closed. */
    void valueClosed();

    /** A reader was closed. */
    void closed(LogReader reader);
}
