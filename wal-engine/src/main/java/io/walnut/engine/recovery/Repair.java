package io.walnut.engine.recovery;

import io.walnut.api.RecoveryReport;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.Witness;
import io.walnut.engine.log.Failure;
import io.walnut.engine.log.LogFiles;
import io.walnut.engine.log.OwnFile;
import io.walnut.engine.log.Seal;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.log.WitnessFile;
import io.walnut.engine.read.SegmentScan;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what recovery keeps durable, and removes the rest, in an order in which a crash at any step leaves a log that
 * recovers to the same records: first the kept tail is written again and forced, then the floor for segment numbers, then
 * what is dropped goes, newest first, then the tail is sealed. Needs no space beyond what the log already has.
 */
final class Repair {
    private static final int CHUNK = 1 << 20;
    private static final int MAX_QUARANTINED = 100;

    private final Storage storage;
    private final StateFile state;
    private final @Nullable Witness witness;
    private final boolean damageLeft;
    private final long maxQuarantine;
    private final List<String> notes;

    Repair(
            Storage storage,
            StateFile state,
            @Nullable Witness witness,
            boolean damageLeft,
            long maxQuarantine,
            List<String> notes) {
        this.storage = storage;
        this.state = state;
        this.witness = witness;
        this.damageLeft = damageLeft;
        this.maxQuarantine = maxQuarantine;
        this.notes = notes;
    }

    Optional<RecoveryReport.Truncation> run(
            List<String> names,
            List<FoundSegment> kept,
            List<FoundSegment> dropped,
            List<FoundSegment> unused,
            Optional<RecoveryReport.Truncation> truncation)
            throws IOException {
        if (names.stream().anyMatch(name -> isDeleted(Segment.numberOf(name)))
                || kept.stream().anyMatch(segment -> segment.cut != null)) {
            state.settle();
        }
        removeLeftovers(names);
        for (FoundSegment segment : unused) {
            storage.delete(segment.name);
        }
        Optional<String> quarantine = truncation.isPresent() ? quarantine(kept, dropped) : Optional.empty();
        List<FoundSegment> unsealed =
                kept.stream().filter(segment -> !segment.isSealed()).toList();
        for (FoundSegment segment : unsealed) {
            settle(segment); // before the line of a truncation, which says that it is durable
        }
        if (damageLeft) {
            state.write(state.current().withCut(cutBehind(kept, dropped)));
        } else if (witness != null && isIn(dropped, witness)) {
            storage.delete(WitnessFile.NAME); // before what it names, which the next recovery would miss
            storage.forceDirectory();
        }
        remove(dropped);
        if (!unsealed.isEmpty()) {
            storage.forceDirectory(); // what an earlier recovery removed must not come back behind a seal
        }
        for (FoundSegment segment : unsealed) {
            seal(segment, segment != kept.get(kept.size() - 1));
        }
        return truncation.map(
                cut -> new RecoveryReport.Truncation(cut.position(), cut.file(), cut.bytes(), cut.why(), quarantine));
    }

    /** To leave damage behind is a truncation, also of what is known to have been there and is missing. */
    private LogState.Cut cutBehind(List<FoundSegment> kept, List<FoundSegment> dropped) {
        long next = Math.max(state.current().nextSegment(), witness == null ? 0 : witness.segment() + 1);
        for (FoundSegment segment : dropped) {
            next = Math.max(next, segment.number + 1);
        }
        if (kept.isEmpty()) {
            return new LogState.Cut(0, 0, next, 0);
        }
        FoundSegment last = kept.get(kept.size() - 1);
        next = Math.max(next, last.number + (last.successorExpected() ? 2 : 1));
        return new LogState.Cut(last.number, last.chainEnd(), next, last.chainCheck());
    }

    private static boolean isIn(List<FoundSegment> dropped, Witness witness) {
        return dropped.stream().anyMatch(segment -> segment.number == witness.segment());
    }

    private void removeLeftovers(List<String> names) throws IOException {
        for (String name : names) {
            if (isTruncated(Segment.numberOf(name))) {
                storage.delete(name);
            } else if (isDeleted(Segment.numberOf(name))
                    || Segment.isSpare(name)
                    || LogFiles.isUnfinishedCopy(name)
                    || name.equals(StateFile.NEW_NAME)) {
                try {
                    storage.delete(name);
                } catch (IOException e) {
                    notes.add(name + " is not needed any more but could not be deleted: " + e.getMessage());
                }
            }
        }
    }

    private boolean isDeleted(long segment) {
        return segment > 0 && segment < state.current().lowSegment() || isTruncated(segment);
    }

    private boolean isTruncated(long segment) {
        return segment > 0 && state.current().cut().removed(segment);
    }

    private void remove(List<FoundSegment> dropped) throws IOException {
        if (dropped.isEmpty()) {
            return;
        }
        state.write(state.current().withNextSegment(dropped.get(dropped.size() - 1).number + 1));
        for (int i = dropped.size() - 1; i >= 0; i--) {
            storage.delete(dropped.get(i).name);
            storage.forceDirectory(); // each by itself: one that came back without those before it would be damage
        }
    }

    private void settle(FoundSegment found) throws IOException {
        long end = found.knownScan().cut();
        OwnFile.ensure(storage, found.name, new Failure()); // what a hard-linked copy sees stays as it was
        try (StorageFile file = storage.open(found.name)) {
            long staged =
                    StagedStorage.stagedFrom(storage, found.name); // in a copy, the witness may be newer than the file
            long from = Math.min(witnessedIn(found.number), staged);
            rewrite(file, Math.min(from, end), end, staged < end);
            file.force();
        }
    }

    private void seal(FoundSegment found, boolean successor) throws IOException {
        SegmentScan scan = found.knownScan();
        try (StorageFile file = storage.open(found.name)) {
            if (scan.footer() != null) {
                file.truncate(scan.cut());
                file.force();
            } else if (!Seal.write(file, found.segment(), successor ? Footer.SUCCESSOR : 0)) {
                notes.add(
                        "no space for the footer of " + found.name + ": it will be read again when the log is opened");
            }
        }
    }

    /** {@return up to where a segment is witnessed to be on the device} */
    private long witnessedIn(long segment) {
        if (witness == null || witness.segment() < segment) {
            return SegmentHeader.BYTES;
        }
        return witness.segment() == segment ? witness.offset() : Long.MAX_VALUE;
    }

    /** After a failed force the page cache lies: what is to be durable is written again before it is forced. */
    private static void rewrite(StorageFile file, long from, long to, boolean staged) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.max(1, Math.min(CHUNK, to - from)));
        for (long at = from; at < to; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
            if (!Remains.readFully(file, chunk, at)) {
                throw new IOException(file.name() + " became shorter while it was recovered");
            }
            try {
                file.write(chunk, at);
            } catch (StorageFullException e) {
                if (staged) {
                    throw e; // the file does not have all of it
                }
                return; // a file system that allocates on overwrite: forcing is what can be done
            }
        }
    }

    private Optional<String> quarantine(List<FoundSegment> kept, List<FoundSegment> dropped) {
        try (Storage directory = storage.directory(LogFiles.QUARANTINE)) {
            forgetOldest(directory);
            String first = "";
            long room = maxQuarantine;
            if (!kept.isEmpty() && kept.get(kept.size() - 1).scan != null) {
                FoundSegment tail = kept.get(kept.size() - 1);
                first = copy(directory, tail, tail.knownScan().cut(), room);
                room -= tail.size - tail.knownScan().cut();
            }
            for (FoundSegment segment : dropped) {
                String copied = copy(directory, segment, 0, room);
                room -= segment.size;
                first = first.isEmpty() ? copied : first;
            }
            if (!first.isEmpty()) {
                forgetOldest(directory); // once more, with what was kept now
                directory.forceDirectory();
            }
            return first.isEmpty() ? Optional.empty() : Optional.of(LogFiles.QUARANTINE + "/" + first);
        } catch (IOException e) {
            notes.add("what was cut off could not be kept: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What earlier recoveries kept is bounded like what this one keeps. */
    private void forgetOldest(Storage directory) throws IOException {
        long bytes = 0;
        int files = 0;
        for (String name :
                directory.list().stream().sorted(Comparator.reverseOrder()).toList()) {
            if (LogFiles.isQuarantined(name)) {
                try (StorageFile file = directory.openReadOnly(name)) {
                    bytes += file.size();
                }
                if (++files >= MAX_QUARANTINED || bytes > maxQuarantine) {
                    directory.delete(name);
                }
            }
        }
    }

    private String copy(Storage directory, FoundSegment segment, long from, long room) throws IOException {
        long end = Math.min(segment.remains(storage).contentEnd(), from + room);
        if (end <= from) {
            return "";
        }
        try (StorageFile source = storage.openReadOnly(segment.name)) {
            String name = LogFiles.quarantined(segment.number, from);
            directory.delete(name);
            try (StorageFile target = directory.create(name)) {
                ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, end - from));
                for (long at = from; at < end; at += chunk.limit()) {
                    chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
                    if (!Remains.readFully(source, chunk, at)) {
                        break;
                    }
                    target.write(chunk, at - from);
                }
                target.force();
            } catch (IOException e) {
                directory.delete(name);
                throw e;
            }
            return name;
        }
    }
}
