package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.api.SegmentInfo;
import io.walnut.api.WalCorruptException;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/** Says what happens to a log, to its meter and in the system's log: one line each, with a stable name first. */
final class Announcer {
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");

    private final Telemetry telemetry;
    private final Clock clock;
    private final String location;
    private final LongAdder corruptions;
    private final LongAdder segmentsDeleted;
    private final ReentrantLock telling = new ReentrantLock();
    private boolean failureTold;

    /** Nothing is said before the telemetry is attached to a meter. */
    Announcer(Telemetry telemetry, Clock clock, String location) {
        this.telemetry = telemetry;
        this.clock = clock;
        this.location = location;
        corruptions = telemetry.counter(Metrics.CORRUPTIONS);
        segmentsDeleted = telemetry.counter(Metrics.SEGMENTS_DELETED);
    }

    /** The log was opened. */
    void opened(RecoveryReport report) {
        telemetry.record(Metrics.RECOVERY_DURATION, report.duration().toNanos());
        report.truncation()
                .ifPresent(cut -> telemetry.event(() -> new WalEvent.Truncated(clock.instant(), cut.position(), cut)));
        telemetry.event(() -> new WalEvent.Recovered(clock.instant(), report.end(), report));
        LOG.log(
                System.Logger.Level.INFO,
                () -> "wal.opened log=" + telemetry.logName() + " at=" + location + " clean=" + report.clean()
                        + " segments=" + report.segments() + " records=" + report.records() + " end=" + report.end()
                        + " scannedBytes=" + report.bytesScanned() + " truncatedBytes=" + report.bytesTruncated()
                        + " millis=" + report.duration().toMillis());
        report.truncation()
                .ifPresent(cut -> LOG.log(
                        System.Logger.Level.WARNING,
                        "wal.truncated log=" + telemetry.logName() + " file=" + cut.file() + " position="
                                + cut.position() + " bytes=" + cut.bytes() + " quarantine="
                                + cut.quarantine().orElse("none") + ": " + cut.why()));
    }

    /** The log failed; said once. Whoever finds it said already may rely on that. */
    void failed(Throwable cause, Position durable) {
        telling.lock();
        try {
            if (failureTold) {
                return;
            }
            failureTold = true;
            telemetry.event(() -> new WalEvent.Failed(clock.instant(), durable, cause));
            LOG.log(
                    System.Logger.Level.ERROR,
                    "wal.failed log=" + telemetry.logName() + " durableEnd=" + durable
                            + ": nothing is appended any more; open the log again to recover",
                    cause);
        } finally {
            telling.unlock();
        }
    }

    /** Appending went on to another segment. */
    void rolled(Rolled roll) {
        telemetry.record(Metrics.ROTATION_DURATION, roll.nanos());
        telemetry.event(() -> new WalEvent.SegmentRolled(
                clock.instant(),
                Place.position(roll.start()),
                roll.segment(),
                roll.bytes(),
                Duration.ofNanos(roll.nanos())));
    }

    /** A reader met damage, or recovery did. */
    void damaged(WalCorruptException damage) {
        corruptions.increment();
        Position where = damage.position().orElse(Position.START);
        LOG.log(
                System.Logger.Level.ERROR,
                "wal.corrupt log=" + telemetry.logName() + " file="
                        + damage.file().orElse("unknown") + " position=" + where + ": " + damage.getMessage());
        telemetry.event(() -> new WalEvent.Corrupted(
                clock.instant(), where, damage.file().orElse(""), String.valueOf(damage.getMessage())));
    }

    /** The newest records were removed. */
    void truncated(Position end, int segments, long lastSequence) {
        LOG.log(
                System.Logger.Level.INFO,
                () -> "wal.suffix.removed log=" + telemetry.logName() + " end=" + end + " lastSequence=" + lastSequence
                        + " segmentsRemoved=" + segments);
        telemetry.event(() -> new WalEvent.SuffixRemoved(clock.instant(), end, lastSequence, segments));
    }

    /** Segments were deleted. */
    void deleted(int segments, long bytes, Position start, long nanos) {
        segmentsDeleted.add(segments);
        telemetry.record(Metrics.DELETION_DURATION, nanos);
        telemetry.event(() -> new WalEvent.SegmentsDeleted(clock.instant(), start, segments, bytes));
    }

    /** A segment is not part of the log any more, but its file could not be deleted. */
    void left(Segment segment, Throwable cause) {
        LOG.log(
                System.Logger.Level.WARNING,
                "wal.delete.failed log=" + telemetry.logName() + " file=" + segment.fileName()
                        + ": it is not part of the log any more; opening the log deletes it",
                cause);
    }

    /** Stored checkpoints were damaged when the log was opened. */
    void opened(StoredCheckpoints stored, Position end) {
        if (!stored.problem().isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "wal.checkpoints.damaged log=" + telemetry.logName() + " lost=" + stored.lost() + ": "
                            + stored.problem());
            Position where = stored.lost() ? Position.START : end;
            telemetry.event(
                    () -> new WalEvent.CheckpointsDamaged(clock.instant(), where, stored.lost(), stored.problem()));
        }
    }

    /** Retention does not go by what the clock shows, or a record is stamped with. */
    void clockSuspect(Position start, String problem) {
        LOG.log(
                System.Logger.Level.WARNING,
                "wal.clock.suspect log=" + telemetry.logName() + ": " + problem
                        + "; retention goes by the time that has passed and by when segments were created; told once");
        telemetry.event(() -> new WalEvent.ClockSuspect(clock.instant(), start, problem));
    }

    /** The checkpoint of a consumer held back too much, and what it held was deleted. */
    void lapsed(String name, Position position, Position start) {
        LOG.log(
                System.Logger.Level.WARNING,
                "wal.checkpoint.lapsed log=" + telemetry.logName() + " checkpoint=" + name + " position=" + position
                        + " start=" + start + ": it held back more than wal.retention.checkpoints.max.bytes or .age"
                        + " allows; its consumer misses what lies before the start");
        telemetry.event(() -> new WalEvent.CheckpointLapsed(clock.instant(), start, name, position));
    }

    /** A segment was archived. */
    void archived(SegmentInfo segment, Duration duration) {
        telemetry.event(() -> new WalEvent.SegmentArchived(
                clock.instant(), segment.end(), segment.number(), segment.bytes(), duration));
    }

    /** Something in the background failed, and will be tried again. */
    void upkeepFailed(WalEvent.UpkeepFailed.Task task, LongAdder failures, Position where, Throwable cause) {
        failures.increment();
        LOG.log(
                System.Logger.Level.WARNING,
                "wal.upkeep.failed log=" + telemetry.logName() + " task="
                        + task.name().toLowerCase(Locale.ROOT) + " position=" + where
                        + ": it is tried again, and appending goes on",
                cause);
        telemetry.event(() -> new WalEvent.UpkeepFailed(clock.instant(), where, task, cause));
    }
}
