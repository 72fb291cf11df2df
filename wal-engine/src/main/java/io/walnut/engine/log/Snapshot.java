package io.walnut.engine.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tail at an instant: what a force that starts later covers.
 *
 * @param finished segments that nothing was appended to any more at that instant, not all of whose content is forced
 * @param active the segment that was appended to, if not all of its content is forced
 */
record Snapshot(
        long recordsEnd,
        long chainEnd,
        int lastCheck,
        long bytes,
        long records,
        List<ActiveSegment> finished,
        @Nullable ActiveSegment active) {
    boolean isForced() {
        return finished.isEmpty() && active == null;
    }
}
