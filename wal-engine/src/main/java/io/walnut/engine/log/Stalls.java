package io.walnut.engine.log;

import io.walnut.spi.WalEvent.Stalled;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Tells of appends that waited: each time to nobody, now and then to the meter, and of back-pressure to the log. */
final class Stalls {
    private static final long EVENT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LINE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");

    private final Stalled.Cause cause;
    private final Telemetry telemetry;
    private final Clock clock;
    private final LongSupplier end;
    private final LongAdder waits = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    private final AtomicLong nextEvent = new AtomicLong(System.nanoTime());
    private final AtomicLong nextLine = new AtomicLong(Long.MIN_VALUE);

    Stalls(Stalled.Cause cause, Telemetry telemetry, Clock clock, LongSupplier end) {
        this.cause = cause;
        this.telemetry = telemetry;
        this.clock = clock;
        this.end = end;
    }

    /** An append waited. */
    void waited(long nanos) {
        waits.increment();
        longest.accumulate(nanos);
        long now = System.nanoTime();
        long due = nextEvent.get();
        if (now - due >= 0 && nextEvent.compareAndSet(due, now + EVENT_NANOS)) {
            long count = waits.sumThenReset();
            Duration most = Duration.ofNanos(longest.getThenReset());
            telemetry.event(() -> new Stalled(clock.instant(), Place.position(end.getAsLong()), cause, count, most));
        }
    }

    /** Says in the log that appends wait or are refused, once a minute while they do. */
    void warn(long unsyncedBytes, long limit) {
        long now = clock.millis();
        long due = nextLine.get();
        if (now >= due && nextLine.compareAndSet(due, now + LINE_MILLIS)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "wal.back_pressure log=" + telemetry.logName() + " unsyncedBytes=" + unsyncedBytes + " limit="
                            + limit + ": appends wait for the device, or are refused; told once a minute");
        }
    }
}
