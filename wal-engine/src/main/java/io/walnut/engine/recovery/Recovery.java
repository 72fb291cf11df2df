package io.walnut.engine.recovery;

import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.api.WalCorruptException;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.Witness;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.log.Tail;
import io.walnut.engine.log.WitnessFile;
import io.walnut.engine.log.Workers;
import io.walnut.engine.read.FrameCursor;
import io.walnut.engine.read.SegmentScan;
import io.walnut.spi.Storage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a log holds. Segments with a footer are believed by their ends; those without are read from the start,
 * up to the first frame that does not continue the chain. What lies behind that is a torn tail, unless a footer or a
 * witness shows that it had been durable: then it is corruption, and refused.
 */
public final class Recovery {
    private static final int BUFFER_BYTES = 1 << 20;

    /** Each life of a segment adds a footer, whose index grows with the segment: so only small ones are continued. */
    private static final int CONTINUE_BELOW = 1 << 20;

    private final Storage storage;
    private final Workers workers;
    private final RecoveryMode mode;
    private final boolean repair;
    private final long start = System.nanoTime();
    private final List<String> notes = new ArrayList<>();
    private final List<FoundSegment> kept = new ArrayList<>();
    private final List<FoundSegment> dropped = new ArrayList<>();
    private final List<FoundSegment> unused = new ArrayList<>();
    private @Nullable FrameCursor frames;
    private long largest = SegmentHeader.BYTES;
    private long bytesScanned;
    private int scanned;
    private String stop = "";
    private boolean stopIsCorruption;
    private boolean copied;
    private boolean damageLeft;

    private Recovery(Storage storage, Workers workers, RecoveryMode mode, boolean repair) {
        this.storage = storage;
        this.workers = workers;
        this.mode = mode;
        this.repair = repair;
    }

    /**
     * Opens what is there.
     *
     * @param storage where the log is; locked by the caller if it is to be repaired
     * @param workers read segments together with the calling thread
     * @param mode what to do about damage
     * @param repair whether to make what was found durable and remove the rest, or to change nothing
     * @param segmentBytes how large a segment gets
     * @param maxQuarantine how many bytes of what is cut off are kept
     * @return the log
     * @throws WalCorruptException if there is damage that a crash does not explain
     * @throws IOException if something cannot be read or written: that is never taken for the end of the log
     */
    public static Recovered run(
            Storage storage, Workers workers, RecoveryMode mode, boolean repair, int segmentBytes, long maxQuarantine)
            throws IOException {
        return new Recovery(StagedStorage.of(storage), workers, mode, repair).recover(segmentBytes, maxQuarantine);
    }

    private Recovered recover(int segmentBytes, long maxQuarantine) throws IOException {
        List<String> names = storage.list();
        LogState stored = StateFile.read(storage);
        copied = !names.contains(StateFile.NAME) && !names.contains(WitnessFile.NAME);
        List<FoundSegment> found = load(names, stored);
        UUID log = stored != null ? stored.log() : firstLog(found);
        LogState state = stored != null ? stored : LogState.first(log);
        if (stored == null && !found.isEmpty()) {
            notes.add("there is no valid STATE file; the first segment that is there is taken for the log's first");
            state = adopted(state, found.get(0));
        }
        String problem = StateFile.problem(state);
        if (!problem.isEmpty()) {
            throw hostile(stored != null ? StateFile.NAME : found.get(0).name, problem);
        }
        Witness noted = WitnessFile.read(storage, log);
        if (noted != null && !WitnessFile.isPossible(noted)) {
            throw hostile(WitnessFile.NAME, "it holds numbers that no log reaches: " + noted);
        }
        Witness witness = noted == null
                        || noted.segment() < state.lowSegment()
                        || state.cut().removed(noted.segment(), noted.offset())
                ? null
                : noted;
        scanUnsealed(found);
        walk(found, state, log);
        Remains remains = remains();
        judge(Math.max(witnessed(witness), witnessed(state)), remains, state);
        boolean promised = kept.size() > 1 && kept.get(kept.size() - 2).successorExpected();
        if (!kept.isEmpty() && last().scan != null && last().contents().records() == 0 && !promised) {
            dropped.add(0, kept.remove(kept.size() - 1));
            remains = remains();
        }
        boolean clean = dropped.isEmpty() && kept.stream().allMatch(FoundSegment::isSealed);
        noteLostFooters();
        Optional<RecoveryReport.Truncation> truncation = truncation(remains);
        StateFile file = StateFile.of(storage, state, stored != null);
        if (repair) {
            Repair work = new Repair(storage, file, witness, damageLeft, maxQuarantine, notes);
            truncation = work.run(names, kept, dropped, unused, truncation);
        }
        return result(file, noted, clean, truncation, segmentBytes); // the next one is newer
    }

    private WalCorruptException hostile(String file, String problem) {
        return new WalCorruptException(
                path(file) + " is damaged: " + problem
                        + ". Nothing was changed. Restore the files from a copy, or copy every intact record to a new"
                        + " directory with 'salvage'",
                file,
                null);
    }

    private static long witnessed(@Nullable Witness witness) {
        return witness == null ? 0 : Place.of(witness.segment(), witness.offset());
    }

    /** What a truncation kept was durable before its line was written. */
    private static long witnessed(LogState state) {
        LogState.Cut cut = state.cut();
        return cut.segment() < state.lowSegment() ? 0 : Place.of(cut.segment(), cut.end());
    }

    private List<FoundSegment> load(List<String> names, @Nullable LogState stored) throws IOException {
        List<FoundSegment> found = new ArrayList<>();
        long low = stored == null ? 1 : stored.lowSegment();
        LogState.Cut cut = stored == null ? LogState.Cut.NONE : stored.cut();
        for (String name : names.stream().sorted().toList()) {
            long number = Segment.numberOf(name);
            if (!Place.isSegment(number)) {
                throw hostile(name, "the number of a segment is at most " + Place.MAX_SEGMENT);
            }
            if (number >= low && !cut.removed(number)) {
                FoundSegment segment = FoundSegment.load(storage, name, cut);
                found.add(segment);
                largest = Math.max(largest, segment.size);
            }
        }
        return found;
    }

    private static UUID firstLog(List<FoundSegment> found) {
        for (FoundSegment segment : found) {
            if (segment.header != null) {
                return segment.header.log();
            }
        }
        return UUID.randomUUID();
    }

    private static LogState adopted(LogState state, FoundSegment first) {
        OpenFrame open = first.open;
        return open == null
                ? state
                : state.withLow(first.number, open.baseSequence(), open.previousSegment(), open.previousEnd());
    }

    private void scanUnsealed(List<FoundSegment> found) throws IOException {
        List<FoundSegment> unsealed = found.stream()
                .filter(segment -> segment.open != null && !segment.isSealed())
                .toList();
        if (unsealed.size() > 1) {
            ParallelScan.of(storage, workers, (int) Math.min(BUFFER_BYTES, largest), unsealed);
        }
    }

    private void walk(List<FoundSegment> found, LogState state, UUID log) throws IOException {
        for (int i = 0; i < found.size(); i++) {
            FoundSegment segment = found.get(i);
            if (segment.header != null && !segment.header.log().equals(log)) {
                throw new WalCorruptException(
                        path(segment.name) + " belongs to another log (" + segment.header.log() + ", not " + log
                                + "); remove it, or put the right one in its place",
                        segment.name,
                        null);
            }
            String problem = problemOf(segment, state);
            if (!problem.isEmpty()) {
                int behind = behindUnused(found, i, state);
                if (behind > i) {
                    unused.addAll(found.subList(i, behind));
                    i = behind - 1;
                    continue;
                }
                stop = problem;
                dropped.addAll(found.subList(i, found.size()));
                return;
            }
            if (!segment.isSealed()) {
                if (segment.scan == null) {
                    segment.scan(storage, frames());
                }
                scanned++;
                bytesScanned += segment.size;
            }
            kept.add(segment);
            LogState.Cut cut = segment.cut;
            if (cut != null && (segment.chainEnd() != cut.end() || segment.chainCheck() != cut.check())) {
                stop = segment.name + " was cut off at " + cut.end() + " by a truncation, but ends at "
                        + segment.chainEnd()
                        + (segment.knownScan().problem().isEmpty()
                                ? ""
                                : ": " + segment.knownScan().problem());
                stopIsCorruption = true;
                dropped.addAll(found.subList(i + 1, found.size()));
                return;
            }
        }
    }

    /**
     * A segment that was prepared and could not be used holds nothing, and the one after it continues the chain.
     *
     * @return the index of that one, or the given index if it is not so
     */
    private int behindUnused(List<FoundSegment> found, int from, LogState state) {
        int next = from;
        while (next < found.size() && found.get(next).header != null && found.get(next).open == null) {
            next++;
        }
        if (next == from || next == found.size()) {
            return from;
        }
        boolean before = stopIsCorruption;
        boolean continues = problemOf(found.get(next), state).isEmpty();
        stopIsCorruption = before;
        return continues ? next : from;
    }

    /** {@return why a segment does not continue what was kept so far; empty if it does} */
    private String problemOf(FoundSegment segment, LogState state) {
        if (segment.header == null) {
            stopIsCorruption = true;
            return path(segment.name) + " cannot be used: " + segment.problem;
        }
        OpenFrame open = segment.open;
        if (open == null) {
            return segment.name + " was prepared but holds nothing";
        }
        if (kept.isEmpty()) {
            if (open.previousSegment() >= state.lowSegment() || open.baseSequence() != state.lowSequence()) {
                stopIsCorruption = true;
                return "segments before " + segment.name + " are missing: it begins with sequence "
                        + open.baseSequence()
                        + ", but the log begins with segment " + state.lowSegment() + " and sequence "
                        + state.lowSequence();
            }
            return "";
        }
        FoundSegment before = last();
        if (open.previousSegment() == before.number
                && open.previousEnd() == before.chainEnd()
                && open.previousCheck() == before.chainCheck()
                && open.baseSequence() == before.contents().nextSequence()) {
            return "";
        }
        stopIsCorruption = before.isSealed() || open.previousSegment() != before.number;
        return open.previousSegment() > before.number
                ? "segments between " + before.name + " and " + segment.name + " are missing"
                : segment.name + " does not continue " + before.name + ", which ends at " + before.chainEnd()
                        + " where " + open.previousEnd() + " was expected"
                        + (before.scan == null ? "" : ": " + before.scan.problem());
    }

    private Remains remains() throws IOException {
        if (kept.isEmpty() || last().scan == null || last().cut != null) {
            return Remains.none();
        }
        return last().remains(storage);
    }

    /** Refuses if what would be dropped had been durable, or if a crash does not explain what is there. */
    private void judge(long noted, Remains remains, LogState state) throws IOException {
        long cut = kept.isEmpty()
                ? 0
                : Place.of(
                        last().number,
                        last().isSealed()
                                ? last().chainEnd()
                                : last().knownScan().cut());
        long witnessed = Math.max(noted, remains.durable());
        for (FoundSegment segment : dropped) {
            if (segment.isSealed()) {
                witnessed = Math.max(witnessed, Place.of(segment.number, segment.chainEnd()));
            } else if (segment.header != null && segment.cut == null) {
                if (segment.open != null) {
                    SegmentScan known = segment.scan != null ? segment.scan : segment.scan(storage, frames());
                    witnessed = Math.max(witnessed, known.durable());
                }
                witnessed = Math.max(witnessed, segment.remains(storage).durable());
            }
        }
        String why = "";
        if (stopIsCorruption) {
            why = stop;
        } else if (isNewestMissing(noted, state)) {
            why = "segments after " + (kept.isEmpty() ? "the start" : last().name) + " are missing";
        } else if (witnessed > cut) {
            why = "what was durable up to " + Place.position(witnessed) + " cannot be read beyond "
                    + Place.position(cut) + ": " + reason();
        } else if (mode == RecoveryMode.STRICT && !explainedByKill(remains)) {
            why = "a killed process does not leave this behind: " + reason();
        }
        if (why.isEmpty()) {
            return;
        }
        if (mode != RecoveryMode.TRUNCATE || kept.isEmpty()) {
            throw corrupt(why);
        }
        damageLeft = true;
        notes.add("kept what is valid before damage: " + why);
        if (stop.isEmpty()) {
            stop = why;
        }
    }

    /** Segments are sealed in order: one without a footer before one with a footer has lost its own. */
    private void noteLostFooters() {
        boolean sealedLater = false;
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (sealedLater && !kept.get(i).isSealed()) {
                notes.add("the footer of " + kept.get(i).name + " is damaged or missing; its records are all there");
            }
            sealedLater |= kept.get(i).isSealed();
        }
    }

    private boolean isNewestMissing(long noted, LogState state) {
        if (!dropped.isEmpty()) {
            return false;
        }
        long newest = kept.isEmpty() ? 0 : last().number;
        if (Place.segment(noted) > newest) {
            return true;
        }
        // an empty successor that an earlier recovery removed has left its number behind in the STATE file
        boolean missing = newest > 0 && last().successorExpected() && state.nextSegment() <= newest + 1;
        if (missing && copied) {
            notes.add("a segment followed " + last().name + " where these segments were copied from");
        }
        return missing && !copied;
    }

    private boolean explainedByKill(Remains remains) {
        if (kept.isEmpty() || last().scan == null) {
            return true;
        }
        SegmentScan scan = last().knownScan();
        return scan.explained() && (scan.claimedEnd() < 0 || remains.contentEnd() <= scan.claimedEnd());
    }

    private String reason() {
        String found =
                kept.isEmpty() || last().scan == null ? "" : last().knownScan().problem();
        return !found.isEmpty() ? found : !stop.isEmpty() ? stop : "it is not there";
    }

    private WalCorruptException corrupt(String why) {
        String file = kept.isEmpty() ? dropped.isEmpty() ? "" : dropped.get(0).name : last().name;
        long offset = kept.isEmpty()
                ? 0
                : last().scan == null ? last().chainEnd() : last().knownScan().stopOffset();
        long number = kept.isEmpty() ? Segment.numberOf(file) : last().number;
        long sequence = kept.isEmpty() ? 0 : last().contents().nextSequence();
        return new WalCorruptException(
                "the log in " + storage.location() + " is damaged at " + file + " offset " + offset
                        + (sequence > 0 ? ", record with sequence " + sequence : "") + ": " + why
                        + ". Nothing was changed. Restore the files from a copy; or copy every intact record, those behind the"
                        + " damage too, to a new directory with 'salvage'"
                        + (kept.isEmpty()
                                ? "; nothing that is valid lies before the damage"
                                : "; or drop everything behind the damage, records that were acknowledged too, with 'repair'"
                                        + " or wal.recovery=truncate")
                        + ". Files that were copied while their log was in use are of different moments: take such a"
                        + " copy with Wal.backup",
                file,
                new Position(number, offset));
    }

    private Optional<RecoveryReport.Truncation> truncation(Remains remains) throws IOException {
        long bytes = 0;
        Position at = Position.START;
        String file = "";
        String why = stop;
        if (!kept.isEmpty()) {
            FoundSegment tail = last();
            at = new Position(tail.number, tail.chainEnd());
            file = tail.name;
            SegmentScan scan = tail.scan;
            if (scan != null && remains.contentEnd() > scan.cut()) {
                bytes += remains.contentEnd() - scan.cut();
                why = scan.problem().isEmpty() ? "remains of an append that had not been completed" : scan.problem();
            }
        }
        for (FoundSegment segment : dropped) {
            long content = contentOf(segment);
            if (content > 0) {
                bytes += content;
                SegmentScan scan = segment.scan;
                why = why.isEmpty() && scan != null ? scan.problem() : why;
                if (file.isEmpty()) {
                    file = segment.name;
                    at = new Position(segment.number, SegmentHeader.BYTES);
                }
            }
        }
        return bytes == 0
                ? Optional.empty()
                : Optional.of(new RecoveryReport.Truncation(at, file, bytes, why, Optional.empty()));
    }

    private long contentOf(FoundSegment segment) throws IOException {
        SegmentScan scan = segment.scan;
        if (scan != null && scan.contents().records() == 0 && scan.stop() != FrameCursor.Step.INVALID) {
            return 0;
        }
        return segment.remains(storage).contentEnd() - (segment.header == null ? 0 : SegmentHeader.BYTES);
    }

    private Recovered result(
            StateFile state,
            @Nullable Witness witness,
            boolean clean,
            Optional<RecoveryReport.Truncation> truncation,
            int segmentBytes) {
        List<Segment> segments = new ArrayList<>();
        long records = 0;
        for (FoundSegment segment : kept) {
            Segment readable = segment.segment();
            if (!repair && !segment.isSealed()) {
                readable.leaveUnsealed();
            }
            segments.add(readable);
            records += segment.contents().records();
        }
        Tail tail = tail(state.current(), segments, clean, segmentBytes);
        RecoveryReport report = new RecoveryReport(
                clean,
                kept.size(),
                scanned,
                bytesScanned,
                records,
                records == 0 ? 0 : kept.get(0).contents().baseSequence(),
                tail.nextSequence() - 1,
                Place.position(tail.recordsEnd()),
                truncation,
                notes,
                Duration.ofNanos(System.nanoTime() - start));
        return new Recovered(storage, state, witness, segments, tail, report);
    }

    private Tail tail(LogState state, List<Segment> segments, boolean clean, int segmentBytes) {
        long recordsEnd = Place.of(state.previousSegment(), state.previousEnd());
        for (Segment segment : segments) {
            if (segment.contents().records() > 0) {
                recordsEnd = Place.of(segment.number(), segment.contents().recordsEnd());
            }
        }
        long highest = state.nextSegment() - 1;
        for (FoundSegment segment : dropped) {
            highest = Math.max(highest, segment.number);
        }
        if (segments.isEmpty()) {
            return new Tail(
                    state.previousSegment(),
                    0,
                    0,
                    state.lowSequence(),
                    recordsEnd,
                    highest + 1,
                    Optional.empty(),
                    false);
        }
        Segment last = segments.get(segments.size() - 1);
        Footer footer = last().footer;
        boolean small = last().isCurrent() && footer != null && isClosed(footer) && footer.end() < segmentBytes / 2;
        boolean nothingComesBack = last.number() >= state.nextSegment(); // of what was cut off, or behind it
        return new Tail(
                last.number(),
                last.chainEnd(),
                last.lastCheck(),
                last.contents().nextSequence(),
                recordsEnd,
                Math.max(highest, last.number()) + 1,
                clean && small && nothingComesBack && footer != null
                        ? Optional.of(new Tail.Continued(last, (int) footer.end(), footer.check()))
                        : Optional.empty(),
                isClosed(footer)
                        || last().scan != null && isClosed(last().knownScan().footer()));
    }

    private static boolean isClosed(@Nullable Footer footer) {
        return footer != null && footer.closed() && footer.end() < CONTINUE_BELOW;
    }

    private FoundSegment last() {
        return kept.get(kept.size() - 1);
    }

    private FrameCursor frames() {
        FrameCursor cursor = frames;
        if (cursor == null) {
            cursor = new FrameCursor((int) Math.min(BUFFER_BYTES, largest));
            frames = cursor;
        }
        return cursor;
    }

    private String path(String name) {
        return storage.location() + "/" + name;
    }
}
