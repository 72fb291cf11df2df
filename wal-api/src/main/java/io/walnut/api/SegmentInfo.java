package io.walnut.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One segment of a log, as it was when it was asked for. The file of one that is sealed can be copied while the log runs,
 * and a directory of copies of successive segments is a log that opens.
 *
 * @param number its number
 * @param name the name under which the storage keeps it
 * @param start where its records begin
 * @param end just past its last record
 * @param firstSequence the sequence of its first record, or the one that its first record will have
 * @param records how many records it holds
 * @param bytes the bytes up to the end of its content, header and links included
 * @param sealed whether nothing is appended to it any more
 * @param created when it was created
 * @param lastTimestamp the greatest timestamp of its records, if it holds any
 * @param checksum of all of its content, once it is sealed, if the backend keeps one: the same in every copy of the segment
 *     with the same records
 */
public record SegmentInfo(
        long number,
        String name,
        Position start,
        Position end,
        long firstSequence,
        long records,
        long bytes,
        boolean sealed,
        Instant created,
        Optional<Instant> lastTimestamp,
        OptionalInt checksum) {

    /**
     * A segment of a backend that keeps no checksum of a whole segment.
     *
     * @param number its number
     * @param name the name under which the storage keeps it
     * @param start where its records begin
     * @param end just past its last record
     * @param firstSequence the sequence of its first record, or the one that its first record will have
     * @param records how many records it holds
     * @param bytes the bytes up to the end of its content, header and links included
     * @param sealed whether nothing is appended to it any more
     * @param created when it was created
     * @param lastTimestamp the greatest timestamp of its records, if it holds any
     */
    public SegmentInfo(
            long number,
            String name,
            Position start,
            Position end,
            long firstSequence,
            long records,
            long bytes,
            boolean sealed,
            Instant created,
            Optional<Instant> lastTimestamp) {
        this(
                number,
                name,
                start,
                end,
                firstSequence,
                records,
                bytes,
                sealed,
                created,
                lastTimestamp,
                OptionalInt.empty());
    }
}
