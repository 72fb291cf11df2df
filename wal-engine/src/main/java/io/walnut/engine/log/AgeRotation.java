package io.walnut.engine.log;

import io.walnut.spi.WalEvent.UpkeepFailed.Task;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

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
    private final SegmentAges ages;
    private final LongSupplier nanoTime;
    private final LongAdder failures = new LongAdder();
    private long seen;
    private long since;

    AgeRotation(
            Duration age,
            Appender appender,
            Committer committer,
            SegmentAges ages,
            LongSupplier nanoTime,
            Announcer announcer) {
        this.age = age;
        this.appender = appender;
        this.committer = committer;
        this.ages = ages;
        this.nanoTime = nanoTime;
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
            long now = nanoTime.getAsLong();
            if (number == 0 || number != seen) {
                seen = number;
                since = now;
            } else if (now - since >= age.toNanos()) {
                long end = appender.retire(number);
                if (end >= 0) {
                    ages.left(number);
                    committer.forceNow();
                    announcer.rolled(new Rolled(number, end, Place.of(number, end), 0));
                }
            }
        } catch (RuntimeException e) {
            announcer.upkeepFailed(Task.ROTATION, failures, Place.position(appender.recordsEnd()), e);
        }
    }
}
