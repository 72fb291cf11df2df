package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.LogState;
import io.walnut.engine.read.FrameCursor;
import io.walnut.engine.read.SegmentScan;
import io.walnut.engine.storage.FileOptions;
import io.walnut.engine.storage.NewDirectory;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Copies a log to a new directory, beside appends, deletion and truncation, without holding any of them up.
 *
 * <p>What is copied is fixed first: segments up to a durable end, the {@code STATE} and the checkpoints of one moment. Frames
 * before that end never change, so they are copied from the files as those are, and each copy gets a footer of its own. The
 * newest segment is copied first: deletion takes the oldest first, so where a file is gone, everything before it is too, and
 * the copy begins where the log does by then. A truncation does change what was fixed; then the copy is begun again.
 */
final class Backup {
    private static final int CHUNK = 256 << 10;
    private static final int SCAN_BYTES = 1 << 20;

    /**
     * A part of the log that does not change.
     *
     * @param segment the segment; one that may still be appended to is the last of the parts
     * @param end where its frames end in the copy
     */
    record Part(Segment segment, long end) {
        private String name() {
            return segment.fileName();
        }
    }

    /**
     * The part of a log that a backup copies.
     *
     * @param state the state of the log
     * @param checkpoints the positions of its consumers
     * @param parts its segments, oldest first
     * @param end just past its last record
     */
    record View(LogState state, Map<String, Position> checkpoints, List<Part> parts, long end) {
        /** A view of the segments up to a durable place. */
        static View of(LogState state, Map<String, Position> checkpoints, List<Segment> segments, long end) {
            List<Part> parts = segments.stream()
                    .filter(segment -> segment.number() <= Place.segment(end))
                    .map(segment -> new Part(
                            segment, segment.number() == Place.segment(end) ? Place.offset(end) : segment.chainEnd()))
                    .toList();
            return new View(state, checkpoints, parts, end);
        }

        private boolean endsIn(Part part) {
            return part.segment().number() == Place.segment(end);
        }
    }

    /** The log that is copied. */
    interface Source {
        /** {@return what is there now; called again when that was removed meanwhile} */
        View view() throws IOException;

        /** {@return the state by now} */
        LogState state() throws IOException;

        /** Throws if the log is not there to be copied any more. */
        void checkOpen();

        /** Runs the last step while the log is neither truncated nor closed. */
        void alone(Step last) throws IOException;
    }

    /** A step of a copy. */
    interface Step {
        void run() throws IOException;
    }

    private final Storage storage;
    private final FileOptions files;
    private final Source source;

    /** Copies from a storage to a directory in which files are created like this. */
    Backup(Storage storage, FileOptions files, Source source) {
        this.storage = storage;
        this.files = files;
        this.source = source;
    }

    /** Copies the log; returns the end of the copy. */
    Position to(Path target) {
        try {
            while (true) {
                try (NewDirectory directory = new NewDirectory(target, files)) {
                    View view = source.view();
                    if (copy(view, directory)) {
                        return Place.position(view.end());
                    }
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw failed(target, "it is there already, and a backup replaces nothing: give another path", e);
        } catch (IOException e) {
            throw failed(target, String.valueOf(e), e);
        }
    }

    private WalException failed(Path target, String why, IOException cause) {
        return new WalException(
                cause instanceof StorageFullException ? Reason.DISK_FULL : Reason.IO,
                Outcome.NONE,
                "the log in " + storage.location() + " was not copied to " + target + ": " + why,
                cause);
    }

    /** {@return whether the copy is complete; false if what was to be copied was removed meanwhile} */
    private boolean copy(View view, NewDirectory directory) throws IOException {
        boolean[] published = {false};
        try {
            LogState state = copySegments(view, directory.storage());
            if (Place.segment(view.end()) < state.lowSegment() && !view.parts().isEmpty()) {
                return false;
            }
            StateFile file = StateFile.of(directory.storage(), state, false);
            file.create();
            writeCheckpoints(view, file, directory.storage());
            directory.storage().forceDirectory();
            source.alone(() -> {
                if (!isTruncated(view)) {
                    directory.publish();
                    published[0] = true;
                }
            });
        } catch (IOException | WalCorruptException e) {
            source.checkOpen();
            if (published[0] || !isTruncated(view)) {
                throw e;
            }
        }
        return published[0];
    }

    private boolean isTruncated(View view) throws IOException {
        return !source.state().cut().equals(view.state().cut());
    }

    /** {@return the state of the copy: as it was in the view, but for what was deleted meanwhile} */
    private LogState copySegments(View view, Storage target) throws IOException {
        List<Part> parts = view.parts();
        for (int i = parts.size() - 1; i >= 0; i--) {
            Part part = parts.get(i);
            try (StorageFile from = storage.openReadOnly(part.name())) {
                copySegment(from, view, part, target);
            } catch (NoSuchFileException e) {
                LogState now = source.state();
                if (now.lowSegment() <= part.segment().number()) {
                    throw e;
                }
                return view.state()
                        .withLow(now.lowSegment(), now.lowSequence(), now.previousSegment(), now.previousEnd());
            }
        }
        return view.state();
    }

    private void copySegment(StorageFile from, View view, Part part, Storage target) throws IOException {
        try (StorageFile to = target.create(part.name())) {
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, part.end()));
            for (long at = 0; at < part.end(); at += chunk.limit()) {
                source.checkOpen();
                chunk.clear().limit((int) Math.min(chunk.capacity(), part.end() - at));
                if (from.read(chunk, at) <= 0) {
                    throw new EOFException(part.name() + " ends at " + at + ", before " + part.end());
                }
                to.write(chunk.flip(), at);
            }
            to.force(); // a footer means that what is before it is durable
            boolean last = view.endsIn(part);
            if (!Seal.write(to, last ? scanned(to, part) : part.segment(), last ? 0 : Footer.SUCCESSOR)) {
                throw new StorageFullException("no space for the footer of " + part.name(), null);
            }
        }
    }

    /** Only the append lock tells what is in a segment that is appended to; its frames do without. */
    private Segment scanned(StorageFile copy, Part part) throws IOException {
        FrameCursor frames = new FrameCursor((int) Math.min(SCAN_BYTES, part.end()));
        frames.start(copy, part.segment().header().salt());
        SegmentScan scan = SegmentScan.of(frames, part.segment().number(), part.end(), true);
        if (scan.cut() != part.end()) {
            throw new WalCorruptException(
                    "damage in " + storage.location() + "/" + part.name() + " at offset " + scan.stopOffset() + ": "
                            + scan.problem() + "; the log was not copied",
                    part.name(),
                    new Position(part.segment().number(), scan.stopOffset()));
        }
        Segment whole = new Segment(part.segment().header(), scan.contents());
        whole.finish(part.end(), scan.check());
        return whole;
    }

    private static void writeCheckpoints(View view, StateFile state, Storage target) throws IOException {
        if (view.checkpoints().isEmpty()) {
            return;
        }
        Position end = Place.position(view.end());
        Map<String, Position> within = new TreeMap<>(view.checkpoints());
        within.replaceAll((name, position) -> position.compareTo(end) > 0 ? end : position);
        StoredCheckpoints none = StoredCheckpoints.none(view.state().log());
        new CheckpointFile(target, none, state, new Failure()).write(within);
    }
}
