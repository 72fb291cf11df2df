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

/**
 * A segment with what is needed to append to it. The tail belongs to the append lock. Growing and sealing the file exclude
 * each other by {@link #filing}.
 */
final class ActiveSegment {
    /** Work that an append made due: none, preparing space, draining a piece; more than one may be. */
    static final int NOTHING_DUE = 0;

    static final int SPACE_DUE = 1;
    static final int DRAIN_DUE = 2;

    /** Another segment was taken since that was last asked for. */
    static final int ROLLED = 8;

    private static final int NEVER = Integer.MAX_VALUE;

    final Segment segment;
    final StorageFile file;
    final int capacity;
    final boolean filled;
    final ReentrantLock filing = new ReentrantLock();

    /** Where the next frame goes. */
    int tail;

    /** The check of the frame before the tail. */
    int lastCheck;

    /** Whether more space is being reserved behind what is there: nothing may be written there meanwhile. */
    boolean extending;

    /** Whether its OPEN frame is there. */
    boolean opened;

    private int reserved;
    private int framesEnd;
    private int spaceDueAt = NEVER;
    private int spareDueAt;

    ActiveSegment(Segment segment, StorageFile file, int capacity, boolean filled, int tail) {
        this.segment = segment;
        this.file = file;
        this.capacity = capacity;
        this.filled = filled;
        this.tail = tail;
        this.spareDueAt = capacity / 8;
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

    /** There is space up to there. */
    void reserved(int bytes) {
        segment.contents().index().reserve(SegmentSpace.indexEntries(bytes));
        spaceDueAt = bytes < capacity ? (reserved + bytes) / 2 : NEVER;
        reserved = bytes;
        framesEnd = SegmentSpace.framesEnd(bytes);
    }

    /** {@return where an append would end} */
    long endOf(int appendBytes) {
        return (long) tail + (opened ? 0 : OpenFrame.LENGTH) + MarkFrame.LENGTH + appendBytes;
    }

    /** {@return whether an append fits into the space that is reserved, and the footer after it} */
    boolean fits(int appendBytes) {
        return endOf(appendBytes) <= framesEnd;
    }

    /** {@return whether an append would fit if all of the segment's space were reserved} */
    boolean couldFit(int appendBytes) {
        return endOf(appendBytes) <= SegmentSpace.framesEnd(capacity);
    }

    /** {@return what it is time to prepare; each is told once} */
    int due() {
        if (tail < spaceDueAt && tail < spareDueAt) {
            return NOTHING_DUE;
        }
        spaceDueAt = tail < spaceDueAt ? spaceDueAt : NEVER;
        spareDueAt = tail < spareDueAt ? spareDueAt : tail < capacity / 2 ? capacity / 2 : NEVER;
        return SPACE_DUE;
    }

    /** Seals the file behind what has been forced. */
    void seal(Storage storage, Failure failure, int flags) throws IOException {
        filing.lock();
        try {
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
