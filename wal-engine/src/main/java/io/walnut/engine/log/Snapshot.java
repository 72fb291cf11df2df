package io.walnut.engine.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tail at an instant: what a force that starts later covers. Taken again and again by the thread that forces, so that
 * a force allocates nothing.
 */
final class Snapshot {
    private final List<ActiveSegment> finished = new ArrayList<>();
    private @Nullable ActiveSegment active;
    private long recordsEnd;
    private long chainEnd;
    private int lastCheck;
    private long bytes;
    private long records;

    /** Takes the tail. Under the append lock. */
    void take(
            long recordsEnd,
            long chainEnd,
            int lastCheck,
            AppendCounts counts,
            List<ActiveSegment> finished,
            @Nullable ActiveSegment active) {
        this.finished.clear();
        this.finished.addAll(finished);
        this.active = active;
        this.recordsEnd = recordsEnd;
        this.chainEnd = chainEnd;
        this.lastCheck = lastCheck;
        this.bytes = counts.bytes();
        this.records = counts.records();
    }

    /** Lets go of the segments, which a snapshot would keep alive. */
    void clear() {
        finished.clear();
        active = null;
    }

    boolean isForced() {
        return finished.isEmpty() && active == null;
    }

    /** Returns the segments that nothing was appended to any more at that instant, not all of whose content is forced. */
    List<ActiveSegment> finished() {
        return finished;
    }

    /** Returns the segment that was appended to, if not all of its content is forced. */
    @Nullable
    ActiveSegment active() {
        return active;
    }

    long recordsEnd() {
        return recordsEnd;
    }

    long chainEnd() {
        return chainEnd;
    }

    int lastCheck() {
        return lastCheck;
    }

    long bytes() {
        return bytes;
    }

    long records() {
        return records;
    }
}
