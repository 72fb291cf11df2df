package io.walnut.engine.log;

import io.walnut.engine.format.Footer;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SparseIndex;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A segment with what is needed to append to it. The tail belongs to the append lock. Growing and sealing the file
 * exclude each other by {@link #filing}.
 */
final class ActiveSegment {
    private static final int NOT_AGAIN = Integer.MAX_VALUE;

    final Segment segment;
    final SegmentWriter writer;
    final int capacity;
    final boolean filled;
    final ReentrantLock filing = new ReentrantLock();

    /** Where the next frame goes. */
    int tail;

    /** The check of the frame before the tail. */
    int lastCheck;

    /** Whether its OPEN frame is there. */
    boolean opened;

    private int reserved;
    private int footerBytes;
    private int hintAt;

    ActiveSegment(Segment segment, SegmentWriter writer, int capacity, boolean filled, int tail) {
        this.segment = segment;
        this.writer = writer;
        this.capacity = capacity;
        this.filled = filled;
        this.tail = tail;
    }

    /** {@return the bytes of space that an append of a size needs in an empty segment} */
    static long needed(long tail, long appendBytes) {
        long content = tail + OpenFrame.LENGTH + MarkFrame.LENGTH + appendBytes;
        return content + Footer.length(SparseIndex.capacityFor(content) + 1);
    }

    int reserved() {
        return reserved;
    }

    void reserved(int bytes) {
        hintAt = bytes < capacity ? (reserved + bytes) / 2 : capacity / 2;
        reserved = bytes;
        footerBytes = Footer.length(SparseIndex.capacityFor(bytes) + 1);
    }

    /** {@return whether an append fits into the space that is reserved, and the footer after it} */
    boolean fits(int appendBytes) {
        int open = opened ? 0 : OpenFrame.LENGTH;
        return (long) tail + open + MarkFrame.LENGTH + appendBytes + footerBytes <= reserved;
    }

    /** {@return whether an append would fit if all of the segment's space were reserved} */
    boolean couldFit(int appendBytes) {
        long content = (long) tail + MarkFrame.LENGTH + appendBytes;
        return content + Footer.length(SparseIndex.capacityFor(capacity) + 1) <= capacity;
    }

    /** {@return true once when it is time to prepare more space} */
    boolean timeToPrepare() {
        if (tail < hintAt) {
            return false;
        }
        hintAt = NOT_AGAIN;
        return true;
    }

    /** Seals the file behind what has been forced. */
    void seal(int flags) throws IOException {
        filing.lock();
        try {
            writer.release();
            StorageFile file = writer.file();
            Seal.write(file, segment, flags);
            file.close();
        } finally {
            filing.unlock();
        }
    }
}
