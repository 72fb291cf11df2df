package io.walnut.engine.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of a log, oldest first. Readers look without a lock. */
public final class SegmentCatalog {
    private volatile List<Segment> segments;

    /** The segments that recovery found. */
    public SegmentCatalog(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    /** {@return the segments, oldest first} */
    public List<Segment> all() {
        return segments;
    }

    synchronized void add(Segment segment) {
        List<Segment> changed = new ArrayList<>(segments);
        if (changed.remove(segment)) {
            throw new IllegalStateException("already there: " + segment.fileName());
        }
        changed.add(segment);
        segments = List.copyOf(changed);
    }

    synchronized void removeFirst(int count) {
        segments = List.copyOf(segments.subList(count, segments.size()));
    }

    /** {@return the first segment with at least this number, or null} */
    public @Nullable Segment atOrAfter(long number) {
        List<Segment> all = segments;
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).number() < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < all.size() ? all.get(low) : null;
    }
}
