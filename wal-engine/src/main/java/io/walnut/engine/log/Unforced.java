package io.walnut.engine.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was appended and is not forced, and since when. Everything happens under the append lock. */
final class Unforced {
    private static final int FORCES_IN_MEAN = 8;

    private final AppendCounts counts;
    private final List<ActiveSegment> finished = new ArrayList<>();
    private long forcedBytes;
    private long since;
    private long snapshotAt;
    private long durableEnd;
    private boolean markDue;
    private long meanForce;

    /** Everything that was there before is forced. */
    Unforced(AppendCounts counts) {
        this.counts = counts;
    }

    long bytes() {
        return counts.bytes() - forcedBytes;
    }

    /** Returns the number of bytes that have been forced. */
    long forcedBytes() {
        return forcedBytes;
    }

    /** {@return how many bytes a force makes durable, by the last ones} */
    long meanForce() {
        return meanForce;
    }

    /** {@return for how many nanoseconds the oldest of the bytes has been waiting} */
    long nanos() {
        return bytes() == 0 ? 0 : System.nanoTime() - since;
    }

    /** Something is appended after everything was forced. */
    void begins() {
        since = System.nanoTime();
    }

    /** Nothing is appended to a segment any more. */
    void finish(ActiveSegment segment) {
        finished.add(segment);
    }

    /** {@return the segments that nothing is appended to any more, which may not be changed} */
    List<ActiveSegment> finished() {
        return Collections.unmodifiableList(finished);
    }

    /** {@return these segments, in a new list; they are no longer here} */
    List<ActiveSegment> takeFinished() {
        List<ActiveSegment> taken = new ArrayList<>(finished);
        finished.clear();
        return taken;
    }

    /** Fills a snapshot with everything up to the tail. */
    void snapshot(Snapshot target, long recordsEnd, long chainEnd, int lastCheck, @Nullable ActiveSegment active) {
        target.take(recordsEnd, chainEnd, lastCheck, counts, finished, bytes() > 0 ? active : null);
        snapshotAt = System.nanoTime();
    }

    /** What a snapshot showed has been forced; returns how many bytes that was. */
    long forced(Snapshot snapshot) {
        long more = snapshot.bytes() - forcedBytes;
        finished.removeAll(snapshot.finished());
        forcedBytes = snapshot.bytes();
        meanForce += (more - meanForce) / FORCES_IN_MEAN;
        since = snapshotAt; // whatever is left came after that
        durableEnd = snapshot.chainEnd();
        markDue = true;
        return more;
    }

    /** The log ends at a place, and all of it is durable. */
    void cutOff(long end) {
        durableEnd = end;
    }

    /** {@return up to where the log is known to be durable} */
    long durableEnd() {
        return durableEnd;
    }

    /** {@return whether the next frame is to tell how far the log is durable} */
    boolean isMarkDue() {
        return markDue;
    }

    /** It has been told. */
    void marked() {
        markDue = false;
    }
}
