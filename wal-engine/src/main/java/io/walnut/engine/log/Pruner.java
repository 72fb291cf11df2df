package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.spi.Storage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is oldest. The low-water mark is durable before the first file goes, so that nothing deleted comes back.
 * One deletion runs at a time, and none while the log is being closed.
 */
final class Pruner {
    private final Storage storage;
    private final StateFile state;
    private final SegmentCatalog catalog;
    private final Appender appender;
    private final Committer committer;
    private final Sealer sealer;
    private final Failure failure;
    private final ReadSide readSide;
    private final Announcer announcer;
    private final StreamedValues streamed;

    private final ReentrantLock running;

    Pruner(
            EngineWal.Parts parts,
            SegmentCatalog catalog,
            Appender appender,
            Committer committer,
            Sealer sealer,
            Failure failure,
            ReadSide readSide,
            Announcer announcer,
            StreamedValues streamed,
            ReentrantLock running) {
        this.storage = parts.storage();
        this.state = parts.state();
        this.catalog = catalog;
        this.appender = appender;
        this.committer = committer;
        this.sealer = sealer;
        this.failure = failure;
        this.readSide = readSide;
        this.announcer = announcer;
        this.streamed = streamed;
        this.running = running;
    }

    /** Deletes every segment that ends at or before a position; returns how many these were. */
    int deleteBefore(Position position) {
        failure.checkOpen();
        long upTo = Place.of(position);
        if (upTo > Place.of(readSide.end())) {
            throw new PositionUnavailableException(
                    "cannot delete up to " + position + ", which lies beyond the end " + readSide.end(),
                    position,
                    readSide.start(),
                    readSide.end());
        }
        running.lock();
        try {
            if (upTo == appender.recordsEnd() && appender.hasActive()) {
                committer.sync(upTo);
                appender.retireAt(upTo);
            }
            List<Segment> all = catalog.all();
            int count = 0;
            while (count < all.size() && all.get(count).finished() && end(all.get(count)) <= upTo) {
                count++;
            }
            return deleteFirst(all, count);
        } finally {
            running.unlock();
        }
    }

    /** Deletes what nothing is appended to any more, up to a segment and with it; returns how many segments these were. */
    int deleteSealed(long number) {
        running.lock();
        try {
            failure.checkOpen();
            List<Segment> all = catalog.all();
            int count = 0;
            while (count < all.size()
                    && all.get(count).finished()
                    && all.get(count).number() <= number) {
                count++;
            }
            return deleteFirst(all, count);
        } finally {
            running.unlock();
        }
    }

    private int deleteFirst(List<Segment> all, int most) {
        int count = keepValues(all, most);
        if (count == 0) {
            return 0;
        }
        committer.forceNow();
        sealer.await();
        failure.checkOpen();
        try {
            delete(all.subList(0, count), count < all.size() ? all.get(count) : null);
            return count;
        } catch (IOException e) {
            throw new WalException(
                    Reason.IO, Outcome.NONE, "segments could not be deleted from " + storage.location() + ": " + e, e);
        }
    }

    /** {@return how many of the segments can go without taking a part of a value whose record stays} */
    private int keepValues(List<Segment> all, int most) {
        long needed = streamed.oldest(); // first: once it is not under way any more, its record tells
        int count = most;
        int checked = all.size();
        do {
            long reach = appender.segments().reach(all.subList(count, checked));
            needed = reach > 0 ? Math.min(needed, reach) : needed;
            checked = count;
            while (count > 0 && all.get(count - 1).number() >= needed) {
                count--;
            }
        } while (count < checked);
        return count;
    }

    private static long end(Segment segment) {
        return Place.of(segment.number(), segment.contents().recordsEnd());
    }

    private void delete(List<Segment> gone, @Nullable Segment remaining) throws IOException {
        long start = System.nanoTime();
        Segment last = gone.get(gone.size() - 1);
        state.write(state.current()
                .withLow(
                        remaining == null ? last.number() + 1 : remaining.number(),
                        last.contents().nextSequence(),
                        last.number(),
                        last.contents().recordsEnd()));
        catalog.removeFirst(gone.size());
        long bytes = 0;
        for (Segment segment : gone) {
            bytes += segment.chainEnd();
            try {
                storage.delete(segment.fileName());
            } catch (IOException e) {
                announcer.left(segment, e);
            }
        }
        readSide.removed();
        announcer.deleted(gone.size(), bytes, readSide.start(), System.nanoTime() - start);
    }
}
