package io.walnut.engine.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The segments of a log, oldest first. Readers look without a lock. */
public final class SegmentCatalog {
    private volatile List<Segment> segments;

    /** The segments that recovery found. */
    public SegmentCatalog(List<Segment> segments) {
        this.segments = List.copyOf(segments);
        stamp();
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
        if (changed.isEmpty()) {
            segment.stampedBefore(Long.MIN_VALUE);
        } else {
            Segment last = changed.get(changed.size() - 1);
            segment.stampedBefore(Math.max(last.stampedBefore(), last.contents().maxTimestamp()));
        }
        changed.add(segment);
        segments = List.copyOf(changed);
    }

    synchronized void removeFirst(int count) {
        segments = List.copyOf(segments.subList(count, segments.size()));
        stamp();
    }

    /** What was the segment with this number is this one, and the last; returns those behind it, oldest first. */
    synchronized List<Segment> cutOff(Segment shorter) {
        List<Segment> all = segments;
        int at = first(all, segment -> segment.number() >= shorter.number());
        List<Segment> changed = new ArrayList<>(all.subList(0, at));
        changed.add(shorter);
        segments = List.copyOf(changed);
        stamp();
        return all.subList(at + 1, all.size());
    }

    /** Notes in each segment the latest stamp before it, which a lookup by time searches. */
    private void stamp() {
        long latest = Long.MIN_VALUE;
        for (Segment segment : segments) {
            segment.stampedBefore(latest);
            if (segment.finished()) {
                latest = Math.max(latest, segment.contents().maxTimestamp());
            }
        }
    }

    /** {@return the first segment with at least this number, or null} */
    public @Nullable Segment atOrAfter(long number) {
        List<Segment> all = segments;
        int found = first(all, segment -> segment.number() >= number);
        return found < all.size() ? all.get(found) : null;
    }

    /** {@return the last segment that begins with this sequence or a smaller one, or null} */
    public @Nullable Segment withSequence(long sequence) {
        List<Segment> all = segments;
        int behind = first(all, segment -> segment.contents().baseSequence() > sequence);
        return behind == 0 ? null : all.get(behind - 1);
    }

    /** {@return the last segment before which everything is stamped earlier than this, or null if there is no segment} */
    public @Nullable Segment stampedAt(long nanos) {
        List<Segment> all = segments;
        int behind = first(all, segment -> segment.stampedBefore() >= nanos);
        return behind == 0 ? null : all.get(behind - 1);
    }

    /** {@return the index of the first segment for which this holds, as it does for all behind it} */
    private static int first(List<Segment> all, Predicate<Segment> holds) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (holds.test(all.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
