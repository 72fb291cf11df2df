package io.walnut.engine.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The frames that were appended and that their segments do not have yet, in a ring that is overwritten again and again. A
 * position counts the bytes that went through the ring; the frames of a segment, and those of the segment after it, follow
 * one another without a gap.
 *
 * <p>Everything but the volatile fields belongs to the append lock. A place in the ring is free once
 * the frames in it were written to their segment, and not before.
 */
final class Stage {
    /** A worker drains pieces of this size; less is drained when somebody needs it in the file. */
    static final int PIECE = 256 << 10;

    private static final int PARTS_OF_RING = 4;
    private static final int MOST_BOUNDARIES = 64;
    private static final int SPARE_BOUNDARIES = 4;

    /** An end of frames of one segment, up to which they can be drained. */
    static final class Boundary {
        @Nullable
        ActiveSegment segment;

        int end;
        long position;
        long sequence;
        int check;

        private void set(ActiveSegment ofSegment, long atPosition, long nextSequence) {
            segment = ofSegment;
            end = ofSegment.tail;
            position = atPosition;
            sequence = nextSequence;
            check = ofSegment.lastCheck;
        }
    }

    private final Boundary[] boundaries = new Boundary[MOST_BOUNDARIES];

    /** How many boundaries were added. Written under the append lock, read by the thread that drains. */
    private volatile long added;

    /** How many of them were drained. Written by the thread that drains. */
    private volatile long taken;

    private volatile @Nullable StageMemory memory;
    private long tail;
    private long lastBoundary;
    private int piece = PIECE;

    /** All frames before this position are in their segments. Moved by the thread that drains, and where nothing is staged. */
    private volatile long drained;

    /** The place up to which the segments have everything. */
    private volatile long drainedEnd;

    private volatile boolean survives;

    Stage(long end) {
        drainedEnd = end;
        for (int i = 0; i < MOST_BOUNDARIES; i++) {
            boundaries[i] = new Boundary();
        }
    }

    @Nullable
    StageMemory memory() {
        return memory;
    }

    /** The ring is in this memory from now on; nothing is staged. */
    void use(StageMemory first) {
        memory = first;
        survives = first.survives();
        piece = Math.min(PIECE, first.bytes() / PARTS_OF_RING);
    }

    /** {@return the greatest number of bytes that are staged at a time, 0 as long as there is no memory} */
    int most() {
        StageMemory current = memory;
        return current == null ? 0 : current.bytes() / PARTS_OF_RING;
    }

    /** {@return whether an append is safe from the death of the process as soon as it is staged} */
    boolean survives() {
        return survives;
    }

    boolean isEmpty() {
        return drained == tail;
    }

    /** {@return how many bytes wait to be drained} */
    long bytes() {
        return tail - drained;
    }

    boolean hasRoomFor(int length) {
        StageMemory current = memory;
        return current != null && bytes() + length <= current.bytes();
    }

    /** {@return whether it is more than half full} */
    boolean isFilling() {
        StageMemory current = memory;
        return current != null && bytes() > current.bytes() / 2;
    }

    /** {@return whether a segment can be left: where its frames end has to be remembered} */
    boolean canRotate() {
        return added - taken <= MOST_BOUNDARIES - SPARE_BOUNDARIES;
    }

    /** Stores whole frames behind those that are there. */
    void put(byte[] frames, int from, int length) {
        StageMemory current = memory;
        if (current == null) {
            throw new IllegalStateException("there is no stage");
        }
        current.put(tail, frames, from, length);
        tail += length;
    }

    /** Remembers where the frames of a segment end, if that is due. {@return whether there is a piece to be drained} */
    boolean endsPiece(ActiveSegment segment, long nextSequence) {
        if (tail - lastBoundary < piece || added - taken > MOST_BOUNDARIES - 2 * SPARE_BOUNDARIES) {
            return false;
        }
        add(segment, nextSequence);
        return true;
    }

    /** No more frames of a segment follow. */
    void ends(ActiveSegment segment, long nextSequence) {
        if (!isEmpty() && lastBoundary < tail) {
            add(segment, nextSequence);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only under the append lock
    private void add(ActiveSegment segment, long nextSequence) {
        boundary(added).set(segment, tail, nextSequence);
        lastBoundary = tail;
        added++; // last: from now on the thread that drains sees it
    }

    private Boundary boundary(long number) {
        return boundaries[(int) (number % MOST_BOUNDARIES)];
    }

    /** The tail of the log moved, and its file has everything; nothing is staged. */
    void passes(long segment, long end, long nextSequence, int check) {
        StageMemory current = memory;
        if (current != null) {
            current.note(segment, end, nextSequence, check, tail);
        }
        drainedEnd = Place.of(segment, end);
    }

    /** {@return the next boundary to be drained up to, or null if there is none} Only for the thread that drains. */
    @Nullable
    Boundary next() {
        return hasPiece() ? boundary(taken) : null;
    }

    /** {@return the position before which everything is drained} */
    long drained() {
        return drained;
    }

    /** {@return the place before which the segments have everything} */
    long drainedEnd() {
        return drainedEnd;
    }

    /**
     * Writes what is staged up to the {@linkplain #next next} boundary to its segment. Needs no lock: what is drained does not
     * change, and one thread does it at a time.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only by the thread that drains
    void drain(Boundary to) throws IOException {
        StageMemory current = memory;
        ActiveSegment segment = to.segment;
        if (current == null || segment == null) {
            throw new IllegalStateException("there is nothing to drain");
        }
        int length = (int) (to.position - drained);
        long number = segment.segment.number();
        current.writeTo(segment.file, to.end - length, drained, length);
        current.note(number, to.end, to.sequence, to.check, to.position);
        drainedEnd = Place.of(number, to.end);
        to.segment = null;
        long position = to.position;
        taken++;
        drained = position; // last: from now on the place is free, and the note may be written by others
    }

    /** {@return whether there is a piece to drain} */
    boolean hasPiece() {
        return added > taken;
    }

    /** {@return the memory, which is not used any more} */
    @Nullable
    StageMemory take() {
        StageMemory last = memory;
        memory = null;
        return last;
    }

    /**
     * Goes on in a larger memory, whose ring begins with the same bytes, unless what is staged goes round the end.
     *
     * @param larger a memory whose size is a multiple of this one's
     * @return whether it does
     */
    boolean grow(StageMemory larger) {
        StageMemory current = memory;
        if (current == null) {
            return false;
        }
        long from = drained;
        long lap = from / current.bytes() * current.bytes();
        if (tail - lap > current.bytes()) {
            return false;
        }
        larger.continues(current, from - lap, tail - lap);
        for (long i = taken; i < added; i++) {
            boundary(i).position -= lap;
        }
        tail -= lap;
        lastBoundary -= lap;
        drained = from - lap;
        use(larger);
        return true;
    }
}
