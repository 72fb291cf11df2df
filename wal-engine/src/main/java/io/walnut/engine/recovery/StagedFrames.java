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
 * <p>The stage is copied before the segments are looked at: what a live writer overwrites in it meanwhile, it has written
 * to a segment before.
 */
final class StagedFrames {
    private static final int MOST_BYTES = 1 << 29;

    private final Storage storage;
    private final ByteBuffer copy;
    private final StageNote note;
    private final Map<String, StagedPart> parts = new HashMap<>();

    private StagedFrames(Storage storage, ByteBuffer copy, StageNote note) {
        this.storage = storage;
        this.copy = copy;
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
        ByteBuffer copy = copy(storage);
        StageNote note = copy == null ? null : StageNote.newest(copy);
        if (copy == null || note == null || !isPossible(note, copy.limit())) {
            return Map.of();
        }
        StagedFrames staged = new StagedFrames(storage, copy, note);
        staged.follow(new FrameCursor(64 << 10));
        return staged.parts;
    }

    private static @Nullable ByteBuffer copy(Storage storage) throws IOException {
        try (StorageFile file = storage.openReadOnly(LogFiles.STAGE)) {
            long size = file.size();
            if (size <= StageNote.RING_AT || size > MOST_BYTES) {
                return null;
            }
            ByteBuffer copy = Bytes.allocate((int) size);
            while (copy.hasRemaining() && file.read(copy, copy.position()) > 0) {}
            return copy.flip();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean isPossible(StageNote note, int fileBytes) {
        return note.ringBytes() > 0
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
                Bytes.putLong(bytes, i, copy.getLong(ringIndex(used + i)));
            }
            parts.put(Segment.fileName(header.segment()), new StagedPart(from, ByteBuffer.wrap(bytes)));
        }
        return length;
    }

    private int ringIndex(int behindNote) {
        return StageNote.RING_AT + (int) (((long) note.at() + behindNote) % note.ringBytes());
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
            int end = StageNote.RING_AT + note.ringBytes();
            int length = (int) Math.min(Math.min(target.remaining(), note.ringBytes() - behind), end - at);
            target.put(copy.duplicate().limit(at + length).position(at));
            return length;
        }

        @Override
        public long size() {
            return from + note.ringBytes() - used;
        }
    }
}
