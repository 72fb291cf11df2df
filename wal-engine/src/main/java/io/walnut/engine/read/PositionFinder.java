package io.walnut.engine.read;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.Segment;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds records by sequence and by time: a search over the segments, one over an index, and a scan to its next entry. */
public final class PositionFinder {
    private static final int BUFFER_BYTES = 64 << 10;

    private final ReadableLog log;

    /** A finder for a log. */
    public PositionFinder(ReadableLog log) {
        this.log = log;
    }

    /** {@return where the record with a sequence is} */
    public Position of(long sequence) {
        log.checkNotClosed();
        Segment segment = log.stored().catalog().withSequence(sequence);
        if (segment != null) {
            SparseIndex index = log.index(segment);
            try {
                Position found =
                        scan(segment, index, index.floorOfSequence(sequence), frame -> frame.sequence() == sequence);
                if (found != null) {
                    return found;
                }
            } catch (NoSuchFileException e) {
                segment = null; // deleted meanwhile
            }
        }
        Position start = log.start();
        Position end = Place.position(log.readableEnd(false));
        throw new PositionUnavailableException(
                "there is no record with the sequence " + sequence + " in the log, which goes from " + start + " to "
                        + end,
                segment == null ? Position.START : end,
                start,
                end);
    }

    /** {@return where the first record is that is stamped at or after a time, the end if there is none} */
    public Position at(Instant time) {
        log.checkNotClosed();
        long nanos = nanos(time);
        Segment segment = log.stored().catalog().stampedAt(nanos);
        if (segment == null) {
            return log.start();
        }
        do {
            SparseIndex index = log.index(segment);
            try {
                Position found = scan(segment, index, index.floorOfTime(nanos), frame -> frame.timestamp() >= nanos);
                if (found != null) {
                    return found;
                }
            } catch (NoSuchFileException e) {
                // deleted meanwhile: the next one that is there
            }
            segment = log.stored().catalog().atOrAfter(segment.number() + 1);
        } while (segment != null);
        return Place.position(log.readableEnd(false));
    }

    /** {@return the sequence behind that of the last record that can be read} Looks at the last segment of them. */
    public long nextSequence() {
        long end = log.readableEnd(false, Long.MAX_VALUE);
        for (Segment segment : log.stored().catalog().all()) {
            if (segment.number() == Place.segment(end)) {
                SparseIndex index = log.index(segment);
                long[] next = {segment.contents().baseSequence()};
                try {
                    scan(segment, index, index.floor(Place.offset(end) - 1), frame -> {
                        next[0] = frame.sequence() + 1;
                        return false;
                    });
                    return next[0];
                } catch (NoSuchFileException e) {
                    break; // deleted meanwhile, as the last one there was
                }
            }
        }
        return log.lowWater().sequence();
    }

    private static long nanos(Instant time) {
        try {
            return Segment.nanos(time);
        } catch (ArithmeticException e) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private @Nullable Position scan(Segment segment, SparseIndex index, int entry, Predicate<FrameCursor> wanted)
            throws NoSuchFileException {
        long end = log.readableEnd(false, Long.MAX_VALUE);
        if (Place.segment(end) < segment.number()) {
            return null;
        }
        long limit = LogReader.limit(segment, end);
        try (StorageFile file = log.stored().storage().openReadOnly(segment.fileName())) {
            FrameCursor frames = new FrameCursor(BUFFER_BYTES);
            frames.start(file, segment.header().salt());
            if (entry >= 0) {
                frames.seek(index, entry);
            }
            while (true) {
                FrameCursor.Step step = frames.next(limit);
                if (step == FrameCursor.Step.END) {
                    return null;
                }
                Position position = new Position(segment.number(), frames.offset());
                if (step != FrameCursor.Step.FRAME) {
                    if (log.isTruncated(segment, frames.offset())) {
                        return null;
                    }
                    WalCorruptException damage = new WalCorruptException(
                            "damage in " + log.stored().storage().location() + "/" + segment.fileName() + " at offset "
                                    + frames.offset() + ": "
                                    + (step == FrameCursor.Step.ZEROS
                                            ? "there are zeros where a record was"
                                            : frames.problem()),
                            segment.fileName(),
                            position);
                    log.damaged(damage);
                    throw damage;
                }
                if (frames.isRecord() && wanted.test(frames)) {
                    return position;
                }
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            log.readFailed();
            throw new WalException(
                    Reason.IO,
                    Outcome.NONE,
                    "reading " + segment.fileName() + " failed: " + e,
                    e,
                    segment.fileName(),
                    null);
        }
    }
}
