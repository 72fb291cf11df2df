package io.walnut.engine.recovery;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.SegmentHeader.InvalidHeaderException;
import io.walnut.engine.format.StageNote;
import io.walnut.engine.log.LogFiles;
import io.walnut.engine.log.Segment;
import io.walnut.engine.read.FrameCursor;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames in a {@code STAGE} file that continue the segments of a log. The note in the file says where to look;
 * what counts is the chain: each frame has the check that follows from the one before it, and the first one from a frame
 * of a segment, which whoever reads that segment verifies once more.
 *
 * <p>The ring is copied first, then the note is read, and then the segments: what a live writer overwrites in the ring
 * meanwhile, it has written to a segment before, and noted that.
 */
final class StagedFrames {
    private static final int MOST_BYTES = 256 << 20;

    private final Storage storage;
    private final ByteBuffer ring;
    private final StageNote note;
    private final Map<String, StagedPart> parts = new HashMap<>();

    private StagedFrames(Storage storage, ByteBuffer ring, StageNote note) {
        this.storage = storage;
        this.ring = ring;
        this.note = note;
    }

    /**
     * Looks for a stage.
     *
     * @param storage where the log is
     * @return what its files lack, by their names; empty if there is no stage, or it continues nothing
     * @throws IOException if something cannot be read
     */
    static Map<String, StagedPart> of(Storage storage) throws IOException {
        try (StorageFile file = storage.openReadOnly(LogFiles.STAGE)) {
            StageNote before = note(file);
            while (before != null) {
                ByteBuffer ring = ring(file, before);
                StageNote note = note(file); // after the ring: what it points behind was not overwritten before
                if (note != null && note.ringBytes() == before.ringBytes()) {
                    StagedFrames staged = new StagedFrames(storage, ring, note);
                    staged.follow(new FrameCursor(64 << 10));
                    return staged.parts;
                }
                before = note; // the ring has grown meanwhile
            }
            return Map.of();
        } catch (NoSuchFileException e) {
            return Map.of();
        }
    }

    private static @Nullable StageNote note(StorageFile file) throws IOException {
        StageNote note = StageNote.newest(read(file, 0, StageNote.RING_AT));
        return note != null && isPossible(note, file.size()) ? note : null;
    }

    private static ByteBuffer ring(StorageFile file, StageNote note) throws IOException {
        return read(file, StageNote.RING_AT, note.ringBytes());
    }

    /** Reads a part of a file; bytes beyond its end are zero. */
    private static ByteBuffer read(StorageFile file, long from, int length) throws IOException {
        ByteBuffer copy = Bytes.allocate(length);
        while (copy.hasRemaining() && file.read(copy, from + copy.position()) > 0) {}
        return copy.clear();
    }

    private static boolean isPossible(StageNote note, long fileBytes) {
        return note.ringBytes() > 0
                && note.ringBytes() <= MOST_BYTES
                && note.ringBytes() % Long.BYTES == 0
                && note.ringBytes() <= fileBytes - StageNote.RING_AT
                && note.at() >= 0
                && note.at() < note.ringBytes()
                && note.at() % Long.BYTES == 0
                && note.segment() >= 0
                && note.offset() >= 0
                && note.offset() % Long.BYTES == 0
                && note.sequence() > 0;
    }

    private void follow(FrameCursor frames) throws IOException {
        long segment = note.segment();
        long offset = note.offset();
        int check = note.check();
        int used = 0;
        SegmentHeader header = segment == 0 ? null : header(Segment.fileName(segment));
        if (header != null) {
            int length = walk(frames, header, offset, used, true);
            used += length;
            offset += length;
            check = frames.check();
        }
        List<Long> behind = storage.list().stream()
                .map(Segment::numberOf)
                .filter(number -> number > note.segment())
                .sorted()
                .toList();
        for (long number : behind) {
            SegmentHeader next = header(Segment.fileName(number));
            if (next == null) {
                continue;
            }
            RingFile ring = new RingFile(SegmentHeader.BYTES, used);
            frames.start(ring, next.salt());
            OpenFrame open = frames.next(SegmentHeader.BYTES + OpenFrame.LENGTH) == FrameCursor.Step.FRAME
                    ? frames.open()
                    : null;
            if (open == null
                    || open.previousSegment() != segment
                    || segment != 0 && (open.previousEnd() != offset || open.previousCheck() != check)) {
                continue;
            }
            int length = walk(frames, next, SegmentHeader.BYTES, used, false);
            used += length;
            segment = number;
            offset = (long) SegmentHeader.BYTES + length;
            check = frames.check();
        }
    }

    /** Walks the frames that continue a segment; returns how many bytes they take. */
    private int walk(FrameCursor frames, SegmentHeader header, long from, int used, boolean continues)
            throws IOException {
        frames.start(new RingFile(from, used), header.salt());
        if (continues) {
            frames.seek(from, note.sequence(), note.check());
        }
        long limit = from + note.ringBytes() - used;
        while (frames.next(limit) == FrameCursor.Step.FRAME) {}
        int length = (int) (frames.nextOffset() - from);
        if (length > 0) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i += Long.BYTES) {
                Bytes.putLong(bytes, i, ring.getLong(ringIndex(used + i)));
            }
            parts.put(Segment.fileName(header.segment()), new StagedPart(from, ByteBuffer.wrap(bytes)));
        }
        return length;
    }

    private int ringIndex(int behindNote) {
        return (int) (((long) note.at() + behindNote) % note.ringBytes());
    }

    private @Nullable SegmentHeader header(String name) throws IOException {
        try (StorageFile file = storage.openReadOnly(name)) {
            ByteBuffer page = Bytes.allocate(SegmentHeader.BYTES);
            if (!Remains.readFully(file, page, 0)) {
                return null;
            }
            SegmentHeader header = SegmentHeader.read(page);
            return header.log().getMostSignificantBits() == note.logHigh() ? header : null;
        } catch (NoSuchFileException | InvalidHeaderException e) {
            return null;
        }
    }

    /** The ring as if it were the file of a segment, from an offset on. */
    private final class RingFile extends ReadOnlyView {
        private final long from;
        private final int used;

        RingFile(long from, int used) {
            this.from = from;
            this.used = used;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            long behind = position - from + used;
            if (behind < 0 || behind >= note.ringBytes()) {
                return -1;
            }
            int at = ringIndex((int) behind);
            int length = (int) Math.min(Math.min(target.remaining(), note.ringBytes() - behind), note.ringBytes() - at);
            target.put(ring.duplicate().limit(at + length).position(at));
            return length;
        }

        @Override
        public long size() {
            return from + note.ringBytes() - used;
        }
    }
}
