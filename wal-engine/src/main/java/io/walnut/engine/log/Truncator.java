package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.engine.format.LogState;
import io.walnut.engine.read.FrameCursor;
import io.walnut.engine.read.SegmentScan;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Removes what is newest. What is to go is durable in the {@code STATE} file before the first byte goes, so a truncation
 * happens whole or not at all, and opening the log completes it. Appends wait meanwhile; whatever fails after that point
 * stops the log.
 */
final class Truncator {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Storage storage;
    private final StateFile state;
    private final SegmentCatalog catalog;
    private final Appender appender;
    private final SpaceKeeper space;
    private final Committer committer;
    private final Sealer sealer;
    private final Failure failure;
    private final ReadableEnd readable;
    private final ReadSide readSide;
    private final Announcer announcer;

    Truncator(
            EngineWal.Parts parts,
            SegmentCatalog catalog,
            Appender appender,
            SpaceKeeper space,
            Committer committer,
            Sealer sealer,
            Failure failure,
            ReadableEnd readable,
            ReadSide readSide,
            Announcer announcer) {
        this.storage = parts.storage();
        this.state = parts.state();
        this.catalog = catalog;
        this.appender = appender;
        this.space = space;
        this.committer = committer;
        this.sealer = sealer;
        this.failure = failure;
        this.readable = readable;
        this.readSide = readSide;
        this.announcer = announcer;
    }

    /** Removes every record behind the one at a position; only for whoever keeps others from removing segments. */
    Position truncateAfter(Position position) {
        failure.checkOpen();
        Appender.Pause pause = appender.pause();
        try {
            committer.sync(appender.recordsEnd());
            if (Place.of(position) == appender.recordsEnd()) {
                return position;
            }
            long end = endOfRecordAt(position);
            if (end < appender.recordsEnd()) {
                appender.retire();
                committer.forceNow();
                sealer.await();
                failure.checkOpen();
                SpaceKeeper.Hold hold = space.hold();
                try {
                    truncate(Place.segment(end), Place.offset(end));
                } finally {
                    hold.end();
                }
            }
            return Place.position(end);
        } catch (IOException e) {
            throw failure.isFailed()
                    ? failure.exception(Outcome.NONE)
                    : new WalException(
                            Reason.IO,
                            Outcome.NONE,
                            "the log in " + storage.location() + " could not be truncated, nothing was removed: " + e,
                            e);
        } finally {
            pause.end();
        }
    }

    private long endOfRecordAt(Position position) {
        try (WalReader reader = readSide.open(position, ReadOptions.DEFAULT)) {
            if (reader.next() && reader.position().equals(position)) {
                return Place.of(reader.nextPosition());
            }
        }
        throw new PositionUnavailableException(
                "no record starts at " + position + "; the log can be truncated after a record from " + readSide.start()
                        + " to " + readSide.end(),
                position,
                readSide.start(),
                readSide.end());
    }

    private void truncate(long number, int end) throws IOException {
        Segment old = catalog.atOrAfter(number);
        if (old == null || old.number() != number) {
            throw new IOException("segment " + number + " is gone");
        }
        Segment shorter = cutOff(old, end);
        LogState.Cut cut = new LogState.Cut(number, end, space.skipPrepared(), shorter.lastCheck());
        List<Segment> gone = new ArrayList<>();
        try {
            state.write(state.current().withCut(cut));
            committer.alone(() -> {
                gone.addAll(catalog.cutOff(shorter));
                appender.cutOff(shorter);
                readable.cutOff(Place.of(number, end), Place.of(cut.next(), 0));
            });
            old.finish(end, shorter.lastCheck()); // a reader that is in it sees where it ends
            remove(gone, shorter);
        } catch (IOException | RuntimeException | Error e) {
            failure.fail(e);
            throw e;
        }
        readSide.removed();
        announcer.truncated(
                Place.position(Place.of(number, end)),
                gone.size(),
                shorter.contents().nextSequence() - 1);
    }

    private Segment cutOff(Segment old, int end) throws IOException {
        try (StorageFile file = storage.openReadOnly(old.fileName())) {
            FrameCursor frames = new FrameCursor(Math.min(BUFFER_BYTES, end));
            frames.start(file, old.header().salt());
            SegmentScan scan = SegmentScan.of(frames, old.number(), end, true);
            if (scan.cut() != end) {
                WalCorruptException damage = new WalCorruptException(
                        "damage in " + storage.location() + "/" + old.fileName() + " at offset " + scan.stopOffset()
                                + ": " + scan.problem() + "; the log was not truncated",
                        old.fileName(),
                        new Position(old.number(), scan.stopOffset()));
                announcer.damaged(damage);
                throw damage;
            }
            Segment shorter = new Segment(old.header(), scan.contents());
            shorter.finish(end, scan.check());
            return shorter;
        }
    }

    private void remove(List<Segment> gone, Segment cutOff) throws IOException {
        Collections.reverse(gone);
        for (Segment segment : gone) {
            segment.finish(0, 0);
            storage.delete(segment.fileName());
        }
        OwnFile.ensure(storage, cutOff.fileName(), failure);
        try (StorageFile file = storage.open(cutOff.fileName())) {
            Seal.write(file, cutOff, 0);
        }
    }
}
