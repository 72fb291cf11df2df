package io.walnut.engine.log;

import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** How long an append waits for what it lacks: for the device to catch up, and for space on a full disk. */
public final class Patience {
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LINE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");

    /**
     * What was configured.
     *
     * @param refuses whether appends are refused at once when too much waits to be forced
     * @param forceNanos how long they wait for the device otherwise, 0 for as long as it takes
     * @param spaceNanos for how long an append that finds no space is tried again, 0 for not at all
     * @param pauseNanos how long the first pause between tries is; each is twice as long, up to a second
     */
    public record Limits(boolean refuses, long forceNanos, long spaceNanos, long pauseNanos) {}

    private final Limits limits;
    private final Workers workers;
    private final Telemetry telemetry;
    private final Clock clock;
    private final LongSupplier end;
    private final LongAdder retries;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final AtomicLong nextLine = new AtomicLong(Long.MIN_VALUE);

    Patience(Limits limits, Workers workers, Telemetry telemetry, Clock clock, LongSupplier end) {
        this.limits = limits;
        this.workers = workers;
        this.telemetry = telemetry;
        this.clock = clock;
        this.end = end;
        this.retries = telemetry.counter(Metrics.WRITE_RETRIES);
    }

    /** {@return whether an append waits for the device at all} */
    boolean waitsForForce() {
        return !limits.refuses;
    }

    /** {@return until when it does, beginning now; the greatest long for as long as it takes} */
    long forceDeadline() {
        return limits.forceNanos == 0 ? Long.MAX_VALUE : System.nanoTime() + limits.forceNanos;
    }

    /** Tries an append that found no space again and again, with growing pauses; throws what came last. */
    int untilSpace(WalException found, IntSupplier append) {
        WalException last = found;
        long left = limits.spaceNanos;
        long pause = limits.pauseNanos;
        while (left > 0) {
            long nanos = Math.min(pause, left);
            pause(nanos);
            left -= nanos;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            retries.increment();
            tell(last, Duration.ofNanos(nanos));
            try {
                return append.getAsInt();
            } catch (WalException e) {
                if (e.reason() != Reason.DISK_FULL) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    /** By the log's timer, which an interrupt does not end. */
    private void pause(long nanos) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try {
            workers.schedule(() -> over.complete(null), nanos);
        } catch (RuntimeException | OutOfMemoryError e) {
            return; // no thread to be had: try at once
        }
        CompletableFuture.anyOf(over, closing).join();
    }

    /** The log is being closed: nobody pauses any more, for a timer that may not come. */
    void end() {
        closing.complete(null);
    }

    private void tell(WalException why, Duration pause) {
        telemetry.event(() -> new WalEvent.WriteRetried(
                clock.instant(), Place.position(end.getAsLong()), pause, String.valueOf(why.getMessage())));
        long now = clock.millis();
        long due = nextLine.get();
        if (now >= due && nextLine.compareAndSet(due, now + LINE_MILLIS)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "wal.write.retried log=" + telemetry.logName() + " limitMillis="
                            + TimeUnit.NANOSECONDS.toMillis(limits.spaceNanos)
                            + ": appends wait for space; told once a minute: " + why.getMessage());
        }
    }
}
