package io.walnut.engine.log;

import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.SegmentSpace;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A segment with what is needed to append to it. The tail belongs to the append lock. Growing and sealing the file
 * exclude each other by {@link #filing}; moving the window that is stored through, evicting from it and sealing do by
 * {@link #moving}.
 */
final class ActiveSegment {
    /** What it is time to prepare: nothing, more space, more of it to store through, its pages; more than one may be. */
    static final int NOTHING_DUE = 0;

    static final int SPACE_DUE = 1;
    static final int WINDOW_DUE = 2;
    static final int PAGES_DUE = 4;

    /** Another segment was taken since that was last asked for. */
    static final int ROLLED = 8;

    private static final int PAGES_STEP = 4 << 20;
    private static final int PAGES_WORTH = 4 * PAGES_STEP; // unforced: a force writes up to two steps for nothing

    private static final int NEVER = Integer.MAX_VALUE;
    private static final int ALIGNMENT = 4 << 10;

    final Segment segment;
    final SegmentWriter writer;
    final int capacity;
    final boolean filled;
    final ReentrantLock filing = new ReentrantLock();
    final ReentrantLock moving = new ReentrantLock();

    /** Where the next frame goes. */
    int tail;

    /** The check of the frame before the tail. */
    int lastCheck;

    /** Whether its OPEN frame is there. */
    boolean opened;

    private int reserved;
    private int framesEnd;
    private int windowEnd;
    private int limit;
    private int spaceDueAt = NEVER;
    private int windowDueAt = NEVER;
    private int pagesDueAt;
    private int dueAt = NEVER;

    /** A part of the space, to be stored through. */
    record Window(int from, int to) {}

    ActiveSegment(Segment segment, SegmentWriter writer, int capacity, boolean filled, int tail) {
        this.segment = segment;
        this.writer = writer;
        this.capacity = capacity;
        this.filled = filled;
        this.tail = tail;
    }

    /** Returns the size of the file that an append needs which begins a new segment. */
    static long needed(int appendBytes) {
        return needed(SegmentHeader.BYTES, appendBytes);
    }

    /** Returns the size of the file that an append needs whose OPEN frame goes to an offset. */
    static long needed(long offset, int appendBytes) {
        return SegmentSpace.bytesFor(offset + OpenFrame.LENGTH + MarkFrame.LENGTH + appendBytes);
    }

    /** Returns the size of the file that an append needs at the tail. */
    long neededFor(int appendBytes) {
        return SegmentSpace.bytesFor(endOf(appendBytes));
    }

    int reserved() {
        return reserved;
    }

    /** Returns the offset at which frames may end that can be stored now. */
    int limit() {
        return limit;
    }

    /** There is space up to there. */
    void reserved(int bytes) {
        segment.contents().index().reserve(SegmentSpace.indexEntries(bytes));
        spaceDueAt = bytes < capacity ? (reserved + bytes) / 2 : capacity / 2;
        reserved = bytes;
        framesEnd = SegmentSpace.framesEnd(bytes);
        update();
    }

    /** Space can be stored through a window. */
    void window(Window window) {
        windowEnd = window.to;
        windowDueAt = window.from + (window.to - window.from) / 2;
        update();
    }

    private void update() {
        limit = Math.min(framesEnd, windowEnd);
        dueAt = Math.min(pagesDueAt, Math.min(spaceDueAt, windowEnd < reserved ? windowDueAt : NEVER));
    }

    /**
     * {@return the window from the tail on, at least up to there, or null if there is no better one}
     *
     * @param small whether it should be only as large as the writer likes, instead of all the space there is
     */
    @Nullable
    Window windowUpTo(long atLeast, boolean small) {
        int span = writer.window();
        int from = tail / ALIGNMENT * ALIGNMENT;
        int to = span == Integer.MAX_VALUE
                ? span
                : (int) Math.min(reserved, Math.max(small ? from + (long) span : reserved, atLeast));
        return to <= windowEnd ? null : new Window(from, to);
    }

    /** {@return where an append would end} */
    long endOf(int appendBytes) {
        return (long) tail + (opened ? 0 : OpenFrame.LENGTH) + MarkFrame.LENGTH + appendBytes;
    }

    /** {@return whether an append fits into the space that is reserved, and the footer after it} */
    boolean hasSpaceFor(int appendBytes) {
        return endOf(appendBytes) <= framesEnd;
    }

    /** {@return whether an append can be stored as it is} */
    boolean fits(int appendBytes) {
        return endOf(appendBytes) <= limit;
    }

    /** {@return whether an append would fit if all of the segment's space were reserved} */
    boolean couldFit(int appendBytes) {
        return endOf(appendBytes) <= SegmentSpace.framesEnd(capacity);
    }

    /**
     * {@return what it is time to prepare; each is told once}
     *
     * @param unforced how many bytes were appended since the last force
     */
    int due(long unforced) {
        if (tail < dueAt) {
            return NOTHING_DUE;
        }
        int due = NOTHING_DUE;
        if (tail >= pagesDueAt) {
            due |= unforced >= PAGES_WORTH && writer.populates() ? PAGES_DUE : NOTHING_DUE;
            pagesDueAt = nextPages().from;
        }
        if (tail >= spaceDueAt) {
            due |= SPACE_DUE;
            spaceDueAt = NEVER;
        }
        if (windowEnd < reserved && tail >= windowDueAt) {
            due |= WINDOW_DUE;
            windowDueAt = NEVER;
        }
        update();
        return due;
    }

    /** {@return the part of the space that comes after the one that is being appended to} */
    Window nextPages() {
        long from = (tail / PAGES_STEP + 1L) * PAGES_STEP;
        return new Window((int) Math.min(NEVER, from), (int) Math.min(NEVER, from + PAGES_STEP));
    }

    /** What lies before an offset is about to be forced, and nothing is stored there any more. */
    void leave(int end) {
        moving.lock();
        try {
            writer.leave(end);
        } finally {
            moving.unlock();
        }
    }

    /** Frees the means of storing: nothing is appended any more. */
    void release() {
        moving.lock();
        try {
            writer.release();
        } finally {
            moving.unlock();
        }
    }

    /** Seals the file behind what has been forced. */
    void seal(Storage storage, Failure failure, int flags) throws IOException {
        filing.lock();
        try {
            release();
            StorageFile file = writer.file();
            boolean replaced;
            try {
                replaced = OwnFile.ensure(storage, segment.fileName(), failure);
            } catch (StorageFullException e) { // it stays without a footer, and is read again when the log is opened
                file.close();
                return;
            }
            if (replaced) {
                try (StorageFile own = storage.open(segment.fileName())) {
                    Seal.write(own, segment, flags);
                }
            } else {
                Seal.write(file, segment, flags);
            }
            file.close();
        } finally {
            filing.unlock();
        }
    }
}
