package io.walnut.engine.recovery;

import io.walnut.api.Damage;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.format.Witness;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.ReadOnlyWal;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.SegmentCatalog;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.log.StoredCheckpoints;
import io.walnut.engine.log.WitnessFile;
import io.walnut.engine.read.FrameCursor;
import io.walnut.engine.read.FrameFinder;
import io.walnut.engine.read.StoredRecords;
import io.walnut.spi.Salvager;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies every record of a damaged log whose own bytes are intact. A reader that skips damage reads each segment by
 * itself; what is left to do here is to find where the records of a segment without a footer end, to tell what is missing
 * between segments, and to do without the headers and the state that are damaged.
 */
public final class Salvage {
    private static final SparseIndex NO_INDEX = new SparseIndex();

    private final Storage storage;
    private final Codecs codecs;
    private final long maxValueBytes;
    private final @Nullable Wal target;
    private final LogState state;
    private final UUID log;
    private final long witnessed;
    private final FrameCursor frames = new FrameCursor(1 << 20);
    private final FrameFinder finder = new FrameFinder();
    private final List<Damage> damage = new ArrayList<>();
    private final SalvagedCheckpoints checkpoints;
    private long records;
    private long expected;

    private Salvage(
            Storage storage,
            Codecs codecs,
            long maxValueBytes,
            @Nullable Wal target,
            LogState state,
            long witnessed,
            SalvagedCheckpoints checkpoints) {
        this.storage = storage;
        this.codecs = codecs;
        this.maxValueBytes = maxValueBytes;
        this.target = target;
        this.state = state;
        this.log = state.log();
        this.witnessed = witnessed;
        this.checkpoints = checkpoints;
        this.expected = state.lowSequence();
    }

    /** Copies from a storage to an open log; without one, reads and verifies everything that would be copied. */
    public static Salvager.Report run(Storage damaged, Codecs codecs, long maxValueBytes, @Nullable Wal target)
            throws IOException {
        LogState stored = StateFile.read(damaged);
        UUID log = logOf(damaged, stored);
        boolean usable = stored != null
                && stored.log().equals(log)
                && StateFile.problem(stored).isEmpty();
        LogState state = usable && stored != null ? stored : LogState.first(log);
        MendedHeaders mended = MendedHeaders.of(damaged, log);
        long witnessed = Math.max(witnessed(WitnessFile.read(damaged, log), state), witnessed(state.cut()));
        SalvagedCheckpoints checkpoints = new SalvagedCheckpoints(StoredCheckpoints.read(damaged, log));
        return new Salvage(mended, codecs, maxValueBytes, target, state, witnessed, checkpoints).copy();
    }

    private static long witnessed(@Nullable Witness witness, LogState state) {
        return witness == null || state.cut().removed(witness.segment(), witness.offset())
                ? 0
                : Place.stored(witness.segment(), witness.offset());
    }

    private static long witnessed(LogState.Cut cut) {
        return Place.of(cut.segment(), cut.end());
    }

    /** Returns the log that most of the headers name; what else lies there, a header or the state, is not its own. */
    private static UUID logOf(Storage damaged, @Nullable LogState stored) throws IOException {
        Map<UUID, Integer> votes = new HashMap<>();
        if (stored != null) {
            votes.merge(stored.log(), 1, Integer::sum);
        }
        for (String name : damaged.list()) {
            if (Segment.numberOf(name) > 0) {
                FoundSegment found = FoundSegment.load(damaged, name, LogState.Cut.NONE);
                if (found.header != null) {
                    votes.merge(found.header.log(), 1, Integer::sum);
                }
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseGet(UUID::randomUUID);
    }

    private Salvager.Report copy() throws IOException {
        List<Segment> segments = new ArrayList<>();
        FoundSegment last = null;
        for (String name : storage.list().stream().sorted().toList()) {
            long number = Segment.numberOf(name);
            if (number > 0
                    && Place.isSegment(number)
                    && number >= state.lowSegment()
                    && !state.cut().removed(number)) {
                FoundSegment found = FoundSegment.load(storage, name, state.cut());
                String problem = problemOf(found);
                if (problem.isEmpty()) {
                    copy(found, segments);
                } else {
                    open(new Damage(name, 0, expected, 0, problem));
                }
                last = found;
            }
        }
        tellOfEnd(last);
        if (target != null) {
            checkpoints.save(target);
        }
        damage.removeIf(each -> !each.mayMiss());
        return new Salvager.Report(records, expected - 1, damage, checkpoints.notes());
    }

    private void tellOfEnd(@Nullable FoundSegment last) {
        long newest = last == null ? 0 : last.number;
        boolean followed = last != null && last.successorExpected() && state.nextSegment() <= newest + 1;
        if (followed || isWitnessed() && Place.segment(witnessed) > newest) {
            String missing = Segment.fileName(followed ? newest + 1 : Place.segment(witnessed));
            open(new Damage(missing, 0, expected, 0, "it is missing"));
        }
    }

    /** {@return whether something is known to have been durable that was not deleted meanwhile} */
    private boolean isWitnessed() {
        return witnessed > 0
                && Place.isSegment(Place.segment(witnessed))
                && Place.segment(witnessed) >= state.lowSegment();
    }

    /** {@return why nothing of a segment can be copied; empty if something can} */
    private String problemOf(FoundSegment found) {
        if (found.header == null) {
            return found.problem;
        }
        if (!found.header.log().equals(log)) {
            return "it belongs to another log";
        }
        return found.open != null && found.open.baseSequence() < expected
                ? "it begins with sequence " + found.open.baseSequence() + ", which was copied already"
                : "";
    }

    private void copy(FoundSegment found, List<Segment> before) throws IOException {
        int tail = damage.size();
        End end = end(found);
        List<Damage> behind = List.copyOf(damage.subList(tail, damage.size()));
        damage.subList(tail, damage.size()).clear();
        close(found, end.segment().contents().baseSequence());
        before.add(end.segment());
        RecoveryReport none =
                new RecoveryReport(false, 1, 1, 0, 0, 0, 0, Position.START, Optional.empty(), List.of(), Duration.ZERO);
        ReadOnlyWal view = new ReadOnlyWal(
                new StoredRecords(storage, new SegmentCatalog(before), codecs, maxValueBytes),
                state,
                Place.of(found.number, end.segment().chainEnd()),
                none);
        ReadOptions skipping = ReadOptions.DEFAULT.skipDamage(damage::add);
        try (WalReader reader = view.read(new Position(found.number, 0), skipping)) {
            while (reader.next()) {
                copy(found, reader);
            }
        }
        expected = end.sequence();
        behind.forEach(this::open);
        if (found.isSealed() && Place.segment(witnessed) == found.number && Place.offset(witnessed) > found.size) {
            open(new Damage(found.name, found.size, expected, 0, "the file ends here"));
        }
    }

    /**
     * Where the records of a segment end.
     *
     * @param segment the segment up to there
     * @param sequence of the next record
     */
    private record End(Segment segment, long sequence) {}

    private End end(FoundSegment found) throws IOException {
        if (found.footer != null) {
            return new End(found.segment(), found.contents().nextSequence());
        }
        SegmentContents contents = new SegmentContents(found.open != null ? found.open.baseSequence() : expected);
        Walk walk = new Walk(found, contents);
        try (StorageFile file = storage.openReadOnly(found.name)) {
            walk.run(file);
        }
        Segment segment = new Segment(found.knownHeader(), contents);
        segment.finish(walk.end, 0);
        return new End(segment, walk.sequence);
    }

    /** The way through a segment without a footer: finds the end of the last completed batch. */
    private final class Walk {
        private final FoundSegment found;
        private final SegmentContents contents;
        private long end = SegmentHeader.BYTES;
        private long sequence;
        private long batch = -1; // where one began that is not completed
        private long first = -1;
        private int checkBeforeFirst;

        Walk(FoundSegment found, SegmentContents contents) {
            this.found = found;
            this.contents = contents;
            this.sequence = contents.baseSequence();
        }

        void run(StorageFile file) throws IOException {
            frames.start(file, found.knownHeader().salt());
            frames.expect(sequence, 0);
            FrameCursor.Step step = frames.next(found.size);
            while (step != FrameCursor.Step.END) {
                if (step == FrameCursor.Step.FRAME) {
                    pass();
                } else if (!passDamage()) {
                    break;
                }
                step = frames.next(found.size);
            }
            boolean completed = found.cut != null || batch >= 0 && Place.of(found.number, batch) < witnessed;
            if (batch >= 0 && completed) {
                endAt(frames.nextOffset(), frames.nextSequence());
            }
            long count = sequence - contents.baseSequence();
            if (first >= 0 && count > 0) {
                contents.addBatch(first, end, checkBeforeFirst, Math.toIntExact(count), 0, 0, Long.MAX_VALUE);
            }
            tellOfTail(file, step);
        }

        private void pass() {
            boolean record = frames.isRecord();
            boolean begins = record && (frames.flags() & Frame.BATCH_FIRST) != 0
                    || frames.type() == FrameType.OPEN
                    || frames.type() == FrameType.FOOTER;
            if (begins
                    && batch >= 0) { // the one before had been completed: its last record is damaged, or was truncated
                endAt(frames.offset(), record ? frames.sequence() : frames.nextSequence());
            }
            if (record && first < 0) {
                first = frames.offset();
                checkBeforeFirst = frames.checkBefore();
            }
            account(record, frames.offset());
        }

        private boolean passDamage() throws IOException {
            long at = frames.nextOffset();
            if (frames.skipBody()) {
                account(frames.isRecord(), at); // its head holds
                return true;
            }
            return finder.pass(frames, found.size, NO_INDEX);
        }

        private void account(boolean record, long at) {
            if (record && (frames.flags() & Frame.BATCH_LAST) != 0) {
                endAt(frames.nextOffset(), frames.nextSequence());
            } else if (record && batch < 0) {
                batch = at;
            }
        }

        private void endAt(long offset, long next) {
            end = offset;
            sequence = next;
            batch = -1;
        }

        private void tellOfTail(StorageFile file, FrameCursor.Step step) throws IOException {
            long at = frames.nextOffset();
            String why = step == FrameCursor.Step.INVALID
                    ? frames.problem()
                    : step == FrameCursor.Step.ZEROS ? "zeros where a frame was expected" : "the file ends here";
            boolean damaged = step == FrameCursor.Step.INVALID
                    || Place.segment(witnessed) == found.number && witnessed > Place.of(found.number, at)
                    || step == FrameCursor.Step.ZEROS
                            && found.cut == null
                            && Remains.behind(
                                                    file,
                                                    found.number,
                                                    found.knownHeader().salt(),
                                                    at)
                                            .contentEnd()
                                    > at;
            if (damaged) {
                damage.add(new Damage(found.name, at, sequence, 0, why));
            }
        }
    }

    private void copy(FoundSegment found, WalReader reader) {
        try {
            if (target != null) {
                checkpoints.copied(reader.position(), append(reader, target));
            } else if (reader.isStreamed()) {
                try (InputStream value = reader.valueStream()) {
                    value.transferTo(OutputStream.nullOutputStream());
                }
            }
            records++;
        } catch (IOException | WalCorruptException | PositionUnavailableException e) {
            damage.add(new Damage(
                    found.name,
                    reader.position().offset(),
                    reader.sequence(),
                    reader.sequence() + 1,
                    String.valueOf(e.getMessage())));
        }
    }

    private static Position append(WalReader reader, Wal target) throws IOException {
        if (!reader.isStreamed()) {
            return target.append(reader.record());
        }
        try (InputStream value = reader.valueStream()) {
            return target.append(reader.record().withValue(new byte[0]), value, reader.valueLength());
        }
    }

    /** Notes damage of which it is not known yet what is missing; several in a row are one. */
    private void open(Damage next) {
        int last = damage.size() - 1;
        if (last >= 0 && damage.get(last).nextSequence() == 0) {
            Damage before = damage.get(last);
            damage.set(
                    last,
                    new Damage(
                            before.file(),
                            before.offset(),
                            before.firstSequence(),
                            0,
                            before.why() + "; " + next.file() + ": " + next.why()));
        } else {
            damage.add(next);
        }
    }

    /** Notes where the damage before a segment ended, or that one is missing. */
    private void close(FoundSegment found, long base) {
        int last = damage.size() - 1;
        if (last >= 0 && damage.get(last).nextSequence() == 0) {
            Damage open = damage.get(last);
            damage.set(last, new Damage(open.file(), open.offset(), open.firstSequence(), base, open.why()));
        } else if (base > expected) {
            damage.add(new Damage(found.name, 0, expected, base, "the segments before it are missing"));
        }
    }
}
