package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.engine.format.SparseIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the segments hold while one of them is appended to: looked at under the append lock. */
final class LiveSegments {
    private final SegmentCatalog catalog;
    private final ReentrantLock lock;
    private final Supplier<@Nullable ActiveSegment> active;

    /**
     * The segments of a catalog.
     *
     * @param active tells, under the lock, which of them is appended to
     */
    LiveSegments(SegmentCatalog catalog, ReentrantLock lock, Supplier<@Nullable ActiveSegment> active) {
        this.catalog = catalog;
        this.lock = lock;
        this.active = active;
    }

    /** {@return where reading can begin in a segment} */
    SparseIndex index(Segment segment) {
        lock.lock();
        try {
            SparseIndex index = segment.contents().index();
            return segment.finished() ? index : index.snapshot();
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the application sees of the segments} */
    List<SegmentInfo> infos() {
        lock.lock();
        try {
            List<SegmentInfo> infos = new ArrayList<>();
            for (Segment segment : catalog.all()) {
                infos.add(segment.info(end(segment)));
            }
            return infos;
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many bytes of content there are in all segments} */
    long contentBytes() {
        return contentBytesBehind(Position.START);
    }

    /** {@return how many bytes of content there are behind a position} */
    long contentBytesBehind(Position position) {
        lock.lock();
        try {
            long sum = 0;
            List<Segment> all = catalog.all();
            for (int i = all.size() - 1; i >= 0 && all.get(i).number() >= position.segment(); i--) {
                Segment segment = all.get(i);
                long end = end(segment);
                sum += segment.number() == position.segment() ? Math.max(0, end - position.offset()) : end;
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }

    /** {@return where the first record of a segment is, or a negative number if it holds none} */
    long firstRecord(Segment segment) {
        lock.lock();
        try {
            return segment.contents().records() == 0 ? -1 : segment.contents().firstRecord();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the oldest segment that holds a part of a value of which a record is in one of these; 0 if none does} */
    long reach(List<Segment> segments) {
        lock.lock();
        try {
            return segments.stream()
                    .mapToLong(segment -> segment.contents().reach())
                    .filter(reach -> reach > 0)
                    .min()
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    private long end(Segment segment) {
        ActiveSegment current = active.get();
        return current != null && current.segment == segment ? current.tail : segment.chainEnd();
    }
}
