package io.walnut.spi;

import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened to a log. A growing family: a meter must not fail on a type that it does not know.
 */
public interface WalEvent {
    /** {@return when it happened, by the log's clock} */
    Instant time();

    /** {@return where in the log} */
    Position position();

    /**
     * The log was opened.
     *
     * @param time when
     * @param position the end of the log
     * @param report what opening found and did
     */
    record Recovered(Instant time, Position position, RecoveryReport report) implements WalEvent {}

    /**
     * Something was cut off the end of the log when it was opened.
     *
     * @param time when
     * @param position where the cut is
     * @param truncation what was cut off
     */
    record Truncated(Instant time, Position position, RecoveryReport.Truncation truncation) implements WalEvent {}

    /**
     * Appending went on to another segment.
     *
     * @param time when
     * @param position where the new segment begins
     * @param segment the number of the segment that was left
     * @param bytes how many bytes of content that one holds
     * @param duration for how long appends stood still
     */
    record SegmentRolled(Instant time, Position position, long segment, long bytes, Duration duration)
            implements WalEvent {}

    /**
     * Appended bytes were forced to the device.
     *
     * @param time when
     * @param position just past the last durable record
     * @param bytes how many appended bytes became durable
     * @param duration how long it took
     */
    record Fsynced(Instant time, Position position, long bytes, Duration duration) implements WalEvent {}

    /**
     * Segments were deleted.
     *
     * @param time when
     * @param position the first position that is retained
     * @param segments how many were deleted
     * @param bytes how many bytes of content they held
     */
    record SegmentsDeleted(Instant time, Position position, int segments, long bytes) implements WalEvent {}

    /**
     * {@link io.walnut.api.Wal#truncateAfter} removed the newest records.
     *
     * @param time when
     * @param position just past the last record that is left
     * @param lastSequence the sequence of that record
     * @param segments how many segments were removed whole
     */
    record SuffixRemoved(Instant time, Position position, long lastSequence, int segments) implements WalEvent {}

    /**
     * An append found the disk full and is tried again.
     *
     * @param time when
     * @param position the end of the log
     * @param pause how long it waited before
     * @param why what was told before
     */
    record WriteRetried(Instant time, Position position, Duration pause, String why) implements WalEvent {}

    /**
     * A segment was archived.
     *
     * @param time when
     * @param position just past the last record of the segment
     * @param segment its number
     * @param bytes how many bytes of content it holds
     * @param duration how long it took
     */
    record SegmentArchived(Instant time, Position position, long segment, long bytes, Duration duration)
            implements WalEvent {}

    /**
     * Something that the log does in the background for its upkeep failed. It is tried again; appending is not concerned.
     *
     * @param time when
     * @param position up to where it would have been done
     * @param task what failed
     * @param cause why
     */
    record UpkeepFailed(Instant time, Position position, Task task, Throwable cause) implements WalEvent {
        /** What is done in the background. Open to additions. */
        public enum Task {
            /** Writing checkpoints. */
            CHECKPOINT,
            /** Deleting what need not be retained. */
            RETENTION,
            /** Archiving a segment. */
            ARCHIVE,
            /** Sealing a segment that is old. */
            ROTATION
        }
    }

    /**
     * Stored checkpoints were found damaged when the log was opened.
     *
     * @param time when
     * @param position where {@link io.walnut.api.Checkpoints#LOST} holds retention, if nothing valid was left; otherwise the
     *     end of the log
     * @param lost whether nothing valid was left
     * @param problem what was found, in plain words
     */
    record CheckpointsDamaged(Instant time, Position position, boolean lost, String problem) implements WalEvent {}

    /**
     * Appends had to wait. Told at most once in a while for each cause.
     *
     * @param time when the last of them went on
     * @param position the end of the log
     * @param cause what they waited for
     * @param appends how many waited since this was told last
     * @param longest how long the one that waited longest did
     */
    record Stalled(Instant time, Position position, Cause cause, long appends, Duration longest) implements WalEvent {
        /** What an append waits for. Open to additions. */
        public enum Cause {
            /** Too much waited to be forced. */
            BACK_PRESSURE,
            /** No space was prepared. */
            SPACE
        }
    }

    /**
     * A reader met damage; or opening did, and the log is not opened: then this is the only event.
     *
     * @param time when
     * @param position where the damage is; the start if that cannot be told
     * @param file the file in which it is, empty if that cannot be told
     * @param problem what is wrong, in plain words
     */
    record Corrupted(Instant time, Position position, String file, String problem) implements WalEvent {}

    /**
     * The checkpoint of a consumer held back more than it may, and records behind it were deleted. Told once for each place at
     * which the checkpoint was saved.
     *
     * @param time when
     * @param position the first position that is retained
     * @param checkpoint the name of the checkpoint
     * @param saved where it is
     */
    record CheckpointLapsed(Instant time, Position position, String checkpoint, Position saved) implements WalEvent {}

    /**
     * The clock was set while the log was open, or when it was opened, or a record is stamped in the future: retention goes by
     * the time that has passed and by when segments were created instead. Told once for each opening.
     *
     * @param time when, by that clock
     * @param position the first position that is retained
     * @param problem what is odd, in plain words
     */
    record ClockSuspect(Instant time, Position position, String problem) implements WalEvent {}

    /**
     * The log stopped after a failure.
     *
     * @param time when
     * @param position just past the last durable record
     * @param cause what failed
     */
    record Failed(Instant time, Position position, Throwable cause) implements WalEvent {}
}
