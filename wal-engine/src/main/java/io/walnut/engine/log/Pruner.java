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
import java.util.function.Predicate;
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
    private final SpaceKeeper space;
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
            SpaceKeeper space,
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
        this.space = space;
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
            return deleteThose(segment -> end(segment) <= upTo);
        } finally {
            running.unlock();
        }
    }

    /** Deletes what nothing is appended to any more, up to a segment and with it; returns how many segments these were. */
    int deleteSealed(long number) {
        running.lock();
        try {
            return deleteThose(segment -> segment.number() <= number);
        } finally {
            running.unlock();
        }
    }

    private int deleteThose(Predicate<Segment> which) {
        failure.checkOpen();
        List<Segment> all = catalog.all();
        int count = countFirst(all, which);
        if (count < all.size()) {
            return deleteFirst(all, count);
        }
        SpaceKeeper.Hold hold = space.hold(); // or the last one would be continued meanwhile
        try {
            List<Segment> held = catalog.all();
            return deleteFirst(held, countFirst(held, which));
        } finally {
            hold.end();
        }
    }

    private static int countFirst(List<Segment> all, Predicate<Segment> which) {
        int count = 0;
        while (count < all.size() && all.get(count).finished() && which.test(all.get(count))) {
            count++;
        }
        return count;
    }

    private int deleteFirst(List<Segment> all, int most) {
        int count = keepValues(most);
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
    private int keepValues(int most) {
        long needed = streamed.oldest(); // first: once it is not under way any more, its record tells
        List<Segment> all = catalog.all(); // then, as that may be in a segment that is new
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
