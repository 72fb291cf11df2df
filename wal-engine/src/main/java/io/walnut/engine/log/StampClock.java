package io.walnut.engine.log;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The wall clock as the engine stamps with it: within what the format can hold, from 1677 to 2262. While appends are so
 * frequent that a thread {@linkplain #tick ticks} at least every millisecond, most stamps are that thread's last reading:
 * reading the system's clock takes as long as a fifth of a short append. Each reader looks at it now and then all the same,
 * so that a thread that is held up holds no stamp up for long.
 */
final class StampClock {
    private static final int READ_EVERY = 16;

    private final Clock clock;
    private final boolean ticks;
    private final String logName;
    private final AtomicBoolean told = new AtomicBoolean();

    StampClock(Clock clock, String logName) {
        this.clock = clock;
        this.ticks = clock.equals(Clock.systemUTC());
        this.logName = logName;
    }

    /** The last reading, 0 while nobody ticks. */
    private volatile long ticked;

    /** Reads the clock for the stamps of the next millisecond. */
    void tick() {
        if (ticks) {
            ticked = nanos();
        }
    }

    /** Appends are not frequent any more. */
    void rest() {
        ticked = 0;
    }

    /**
     * Returns a stamp of a frequent reader.
     *
     * @param readings how often it has read before
     */
    long nanos(int readings) {
        long last = ticked;
        return last == 0 || readings % READ_EVERY == 0 ? nanos() : last;
    }

    /** {@return nanoseconds since 1970; the first or last that can be stored if the clock is beyond it} */
    long nanos() {
        long millis = clock.millis();
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        if (nanos == Long.MAX_VALUE || nanos == Long.MIN_VALUE) {
            tell(millis);
        }
        return nanos;
    }

    private void tell(long millis) {
        if (told.compareAndSet(false, true)) {
            System.getLogger("io.walnut.engine")
                    .log(
                            System.Logger.Level.WARNING,
                            "wal.clock.out_of_range log=" + logName + " millis=" + millis
                                    + ": the clock is beyond what can be stored, 1677 to 2262; stamps stay at the limit;"
                                    + " told once");
        }
    }
}
