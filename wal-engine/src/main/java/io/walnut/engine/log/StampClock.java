package io.walnut.engine.log;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The wall clock as the engine stamps with it: within what the format can hold, from 1677 to 2262. */
final class StampClock {
    private final Clock clock;
    private final String logName;
    private final AtomicBoolean told = new AtomicBoolean();

    StampClock(Clock clock, String logName) {
        this.clock = clock;
        this.logName = logName;
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
