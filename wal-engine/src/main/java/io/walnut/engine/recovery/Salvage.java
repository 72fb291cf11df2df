package io.walnut.engine.recovery;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.ReadOnlyWal;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.SegmentCatalog;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.read.FrameCursor;
import io.walnut.engine.read.StoredRecords;
import io.walnut.spi.Salvager;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is intact of a damaged log. Behind damage it goes on where frames can be verified again: at the next entry
 * of the footer's index, or at the next MARK.
 */
public final class Salvage {
    private final Storage storage;
    private final Codecs codecs;
    private final long maxValueBytes;
    private final Wal target;
    private final FrameCursor frames = new FrameCursor(1 << 20);
    private final List<Salvager.Gap> gaps = new ArrayList<>();
    private long records;
    private long expected = 1;

    private Salvage(Storage storage, Codecs codecs, long maxValueBytes, Wal target) {
        this.storage = storage;
        this.codecs = codecs;
        this.maxValueBytes = maxValueBytes;
        this.target = target;
    }

    /** Copies from a storage to an open log. */
    public static Salvager.Report run(Storage storage, Codecs codecs, long maxValueBytes, Wal target)
            throws IOException {
        Salvage salvage = new Salvage(storage, codecs, maxValueBytes, target);
        LogState stored = StateFile.read(storage);
        LogState state = stored != null && StateFile.problem(stored).isEmpty() ? stored : null;
        salvage.expected = state == null ? 1 : state.lowSequence();
        for (String name : storage.list().stream().sorted().toList()) {
            if (Place.isSegment(Segment.numberOf(name))
                    && Segment.numberOf(name) >= (state == null ? 1 : state.lowSegment())) {
                salvage.copySegment(FoundSegment.load(storage, name, LogState.Cut.NONE));
            }
        }
        return new Salvager.Report(salvage.records, salvage.gaps);
    }

    private void copySegment(FoundSegment found) throws IOException {
        if (found.header == null) {
            gap(found, 0, found.problem);
            return;
        }
        try (StorageFile file = storage.openReadOnly(found.name)) {
            long salt = found.knownHeader().salt();
            frames.start(file, salt);
            LooseFrames loose = null; // one for all gaps, so that no byte is searched twice
            while (true) {
                Run run = walk(found.size);
                copy(found, run);
                if (run.stop() == FrameCursor.Step.END) {
                    return;
                }
                if (loose == null) {
                    loose = new LooseFrames(file, salt, run.behind());
                }
                Anchor mark = nextMark(loose, run.behind());
                if (run.stop() == FrameCursor.Step.ZEROS && loose.contentEnd() <= run.behind()) {
                    return;
                }
                gap(found, run.stopOffset(), run.problem());
                Anchor from = nextAnchor(found.footer, mark, run.stopOffset());
                if (from == null) {
                    return;
                }
                frames.skip(from.offset(), from.sequence(), from.previousCheck());
            }
        }
    }

    /**
     * Where frames can be verified again.
     *
     * @param offset of a frame
     * @param sequence of the next record
     * @param previousCheck of the frame before
     */
    private record Anchor(long offset, long sequence, int previousCheck) {}

    private static @Nullable Anchor nextMark(LooseFrames loose, long from) throws IOException {
        loose.skipTo(from);
        MarkFrame mark = loose.mark();
        while (mark == null || loose.offset() < from) {
            if (!loose.next()) {
                return null;
            }
            mark = loose.mark();
        }
        return new Anchor(loose.offset(), mark.sequence(), mark.previousCheck());
    }

    /** A stretch of whole batches. */
    private record Run(
            SegmentContents contents, long end, FrameCursor.Step stop, long stopOffset, long behind, String problem) {}

    private Run walk(long limit) throws IOException {
        SegmentContents contents = null;
        List<long[]> batch = new ArrayList<>();
        long end = 0;
        FrameCursor.Step step = frames.next(limit);
        for (; step == FrameCursor.Step.FRAME; step = frames.next(limit)) {
            if (!frames.isRecord()) {
                if (frames.type() == FrameType.FOOTER && !batch.isEmpty()) { // a truncation cut it off
                    end = add(batch, contents);
                }
                continue;
            }
            if (contents == null) {
                contents = new SegmentContents(frames.sequence());
            }
            batch.add(new long[] {
                frames.offset(), frames.nextOffset(), frames.checkBefore(), frames.timestamp(), frames.expiry()
            });
            if ((frames.flags() & Frame.BATCH_LAST) != 0) {
                end = add(batch, contents);
            }
        }
        return new Run(
                contents == null ? new SegmentContents(frames.nextSequence()) : contents,
                end,
                step,
                frames.nextOffset(),
                behind(step, limit),
                step == FrameCursor.Step.INVALID ? frames.problem() : "zeros where a frame was expected");
    }

    /** A frame whose head holds was read to its end, and nothing that verifies begins within its body. */
    private long behind(FrameCursor.Step step, long limit) {
        long end = step == FrameCursor.Step.INVALID ? frames.claimedEnd() : -1;
        return end > frames.nextOffset() + OpenFrame.LENGTH && end <= limit ? end : frames.nextOffset() + Long.BYTES;
    }

    private static long add(List<long[]> batch, @Nullable SegmentContents contents) {
        long end = 0;
        for (long[] each : batch) {
            Objects.requireNonNull(contents).add(each[0], each[1], (int) each[2], end == 0, each[3], each[4]);
            end = each[1];
        }
        batch.clear();
        return end;
    }

    private void copy(FoundSegment found, Run run) {
        SegmentContents contents = run.contents();
        if (contents.records() == 0) {
            return;
        }
        if (contents.baseSequence() > expected) {
            closeGap(found, contents);
        }
        Segment segment = new Segment(found.knownHeader(), contents);
        segment.finish(run.end(), 0);
        LogState state = LogState.first(found.knownHeader().log());
        RecoveryReport none =
                new RecoveryReport(false, 1, 1, 0, 0, 0, 0, Position.START, Optional.empty(), List.of(), Duration.ZERO);
        ReadOnlyWal view = new ReadOnlyWal(
                new StoredRecords(storage, new SegmentCatalog(List.of(segment)), codecs, maxValueBytes),
                state,
                Place.of(found.number, run.end()),
                none);
        try (WalReader reader = view.read(new Position(found.number, contents.firstRecord()), ReadOptions.DEFAULT)) {
            while (reader.next()) {
                copy(found, reader);
            }
        } catch (WalException e) {
            if (e.outcome() != WalException.Outcome.NONE) {
                throw e;
            }
            gap(found, contents.firstRecord(), String.valueOf(e.getMessage()));
        }
        expected = contents.nextSequence();
    }

    private void copy(FoundSegment found, WalReader reader) {
        if (!reader.isStreamed()) {
            target.append(reader.record());
            records++;
            return;
        }
        try (InputStream value = reader.valueStream()) {
            target.append(reader.record().withValue(new byte[0]), value, reader.valueLength());
            records++;
        } catch (IOException | WalCorruptException | PositionUnavailableException e) {
            gaps.add(new Salvager.Gap(
                    found.name,
                    reader.position().offset(),
                    reader.sequence(),
                    reader.sequence() + 1,
                    String.valueOf(e.getMessage())));
        }
    }

    private static @Nullable Anchor nextAnchor(@Nullable Footer footer, @Nullable Anchor mark, long behind) {
        Anchor best = mark;
        if (footer != null) {
            SparseIndex index = footer.contents().index();
            int entry = index.floor(behind) + 1;
            if (entry < index.size() && (best == null || index.offset(entry) < best.offset())) {
                best = new Anchor(index.offset(entry), index.sequence(entry), index.previousCheck(entry));
            }
        }
        return best;
    }

    private void gap(FoundSegment found, long offset, String why) {
        gaps.add(new Salvager.Gap(found.name, offset, expected, 0, why));
    }

    /** Says where the last gap ended, or that there is one. */
    private void closeGap(FoundSegment found, SegmentContents next) {
        int last = gaps.size() - 1;
        if (last >= 0 && gaps.get(last).nextSequence() == 0) {
            Salvager.Gap open = gaps.get(last);
            gaps.set(
                    last,
                    new Salvager.Gap(
                            open.file(), open.offset(), open.firstSequence(), next.baseSequence(), open.why()));
        } else {
            gaps.add(new Salvager.Gap(
                    found.name, 0, expected, next.baseSequence(), "the segments before it are missing"));
        }
    }
}
