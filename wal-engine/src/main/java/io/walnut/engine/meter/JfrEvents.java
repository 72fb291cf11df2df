package io.walnut.engine.meter;

import io.walnut.spi.WalEvent;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

/**
 * What a flight recording shows. An event is written some milliseconds after the fact, so when it ended and how long it
 * took are fields of their own.
 */
final class JfrEvents {
    private JfrEvents() {}

    /** What all have in common. */
    @Category("Walnut")
    @StackTrace(false)
    abstract static class OfLog extends Event {
        @Label("Log")
        String log = "";

        @Label("Position")
        String position = "";

        @Label("Ended At")
        @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
        long endedAt;

        final void commit(String logName, WalEvent event) {
            log = logName;
            position = event.position().toString();
            endedAt = event.time().toEpochMilli();
            commit();
        }
    }

    /** What takes time. */
    abstract static class Timed extends OfLog {
        @Label("Took")
        @Timespan(Timespan.NANOSECONDS)
        long took;

        final void commit(String logName, WalEvent event, Duration duration) {
            took = duration.toNanos();
            commit(logName, event);
        }
    }

    @Name("io.walnut.Fsync")
    @Label("Fsync")
    @Description("Appended bytes were forced to the device")
    static final class Fsync extends Timed {
        @Label("Bytes")
        @DataAmount
        long bytes;
    }

    @Name("io.walnut.Rotation")
    @Label("Rotation")
    @Description("Appending went on to another segment, and stood still for that")
    static final class Rotation extends Timed {
        @Label("Segment Left")
        long segment;

        @Label("Bytes Of It")
        @DataAmount
        long bytes;
    }

    @Name("io.walnut.Stall")
    @Label("Stall")
    @Description("Appends waited for the device or for space; how long the longest did")
    static final class Stall extends Timed {
        @Label("Cause")
        String cause = "";

        @Label("Appends")
        long appends;
    }

    @Name("io.walnut.Recovery")
    @Label("Recovery")
    @Description("A log was opened")
    static final class Recovery extends Timed {
        @Label("Clean")
        boolean clean;

        @Label("Records")
        long records;

        @Label("Scanned")
        @DataAmount
        long scannedBytes;

        @Label("Cut Off")
        @DataAmount
        long truncatedBytes;
    }

    @Name("io.walnut.Failure")
    @Label("Failure")
    @Description("A log stopped after a failure")
    static final class Failure extends OfLog {
        @Label("Cause")
        String cause = "";
    }
}
