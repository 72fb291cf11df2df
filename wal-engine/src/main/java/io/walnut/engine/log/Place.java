package io.walnut.engine.log;

import io.walnut.api.Position;

/** A position in one long: 32 bits of segment, 31 of offset; ordered as positions are. */
public final class Place {
    /** The greatest offset, and so the greatest size of a segment. */
    public static final int MAX_OFFSET = Integer.MAX_VALUE - 7;

    /** The greatest number of a segment; the next one can be named too. */
    public static final long MAX_SEGMENT = (1L << 32) - 2;

    private static final int OFFSET_BITS = 31;
    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

    private Place() {}

    /** {@return a place} */
    public static long of(long segment, long offset) {
        return segment << OFFSET_BITS | offset;
    }

    /** {@return the place that a file names, whatever stands there: the greatest where that can be no place} */
    public static long stored(long segment, long offset) {
        return isSegment(segment) && isOffset(offset) ? of(segment, offset) : Long.MAX_VALUE;
    }

    /** {@return whether it can be the number of a segment, or 0 for none} */
    public static boolean isSegment(long number) {
        return number >= 0 && number <= MAX_SEGMENT;
    }

    /** {@return whether it can be an offset in a segment} */
    public static boolean isOffset(long offset) {
        return offset >= 0 && offset <= MAX_OFFSET;
    }

    /** {@return the place of a position; of one that can be none, the greatest of its segment, or of all} */
    public static long of(Position position) {
        return position.segment() >= 1L << 32
                ? Long.MAX_VALUE
                : of(position.segment(), Math.min(position.offset(), OFFSET_MASK));
    }

    /** {@return the segment of a place} */
    public static long segment(long place) {
        return place >>> OFFSET_BITS;
    }

    /** {@return the offset of a place} */
    public static int offset(long place) {
        return (int) (place & OFFSET_MASK);
    }

    /** {@return the place as a position} */
    public static Position position(long place) {
        return new Position(segment(place), offset(place));
    }
}
