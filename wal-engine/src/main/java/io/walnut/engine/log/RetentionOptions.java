package io.walnut.engine.log;

import java.time.Duration;

/**
 * How long what is kept. A limit of zero is none.
 *
 * @param bytes how many bytes of content may be retained
 * @param age how old the last record of a segment may get
 * @param expired whether a segment goes when all of its records have expired
 * @param checkpoints what checkpoints mean
 * @param holdBytes how many bytes the checkpoint of a consumer may hold back
 * @param holdAge for how long it may hold back a segment after the last append to it
 * @param interval how often is looked
 * @param segmentAge after what time a segment that holds records is sealed
 * @param checkpointInterval how soon what was saved is written
 */
public record RetentionOptions(
        long bytes,
        Duration age,
        boolean expired,
        CheckpointRule checkpoints,
        long holdBytes,
        Duration holdAge,
        Duration interval,
        Duration segmentAge,
        Duration checkpointInterval) {

    /** {@return whether the age of a segment matters} */
    boolean goesByAge() {
        return !age.isZero() || !holdAge.isZero();
    }

    /** {@return whether anything is ever deleted} */
    public boolean deletes() {
        return bytes > 0 || !age.isZero() || expired || checkpoints == CheckpointRule.DELETE;
    }
}
