package io.walnut.engine.log;

import java.util.Optional;

/**
 * Where appending goes on.
 *
 * @param segment the number of the last segment, 0 if there never was one
 * @param chainEnd where its last frame ends
 * @param lastCheck the check of that frame
 * @param nextSequence the sequence of the next record
 * @param recordsEnd the {@link Place} just past the last record
 * @param nextNumber the number of the next segment
 * @param continued the last segment, if it may be continued behind its footer
 * @param closed whether the last segment has a footer that another life may continue, if not this one
 */
public record Tail(
        long segment,
        long chainEnd,
        int lastCheck,
        long nextSequence,
        long recordsEnd,
        long nextNumber,
        Optional<Continued> continued,
        boolean closed) {

    /**
     * A small segment that was closed in order.
     *
     * @param segment the segment, its contents open for additions
     * @param end where its footer ends
     * @param check the check of its footer
     */
    public record Continued(Segment segment, int end, int check) {
        /** Returns the size of the file that an append needs behind the footer. */
        long neededFor(int appendBytes) {
            return ActiveSegment.needed(end, appendBytes);
        }
    }
}
