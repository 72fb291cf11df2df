package io.walnut.engine.log;

import io.walnut.spi.WalEvent.UpkeepFailed.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/**
 * Seals the segment that is appended to when it has held records for some time, whether more come or not. It is looked
 * at eight times in that time.
 */
final class AgeRotation {
    private static final int LOOKS = 8;

    private final Duration age;
    private final Appender appender;
    private final Committer committer;
    private final Announcer announcer;
    private final Clock clock;
    private final LongAdder failures = new LongAdder();
    private long seen;
    private Instant since = Instant.EPOCH;

    AgeRotation(Duration age, Appender appender, Committer committer, Clock clock, Announcer announcer) {
        this.age = age;
        this.appender = appender;
        this.committer = committer;
        this.clock = clock;
        this.announcer = announcer;
    }

    /** {@return how often to look, so that a segment gets hardly older than it should} */
    static long lookEveryNanos(Duration age) {
        return Math.max(1, age.toNanos() / LOOKS);
    }

    /** Looks once. */
    void run() {
        try {
            long number = appender.activeWithRecords();
            Instant now = clock.instant();
            if (number == 0 || number != seen || now.isBefore(since)) {
                seen = number;
                since = now;
            } else if (!now.isBefore(since.plus(age))) {
                long end = appender.retire(number);
                if (end >= 0) {
                    committer.forceNow();
                    announcer.rolled(new Rolled(number, end, Place.of(number, end), 0));
                }
            }
        } catch (RuntimeException e) {
            announcer.upkeepFailed(Task.ROTATION, failures, Place.position(appender.recordsEnd()), e);
        }
    }
}
