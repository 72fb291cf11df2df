package io.walnut.api;

import java.io.Serializable;

/**
 * A place in a log: a segment and a byte offset in it. Positions are ordered as the records are.
 *
 * <p>Segment numbers strictly increase, may skip and are never reused, so a position that was once handed out never
 * names other bytes, not even after a power loss. The end of a segment and the start of the next one are the same place
 * to a reader.
 *
 * @param segment the number of the segment, 0 only in {@link #START}
 * @param offset the offset in bytes from the start of the segment's file
 */
public record Position(long segment, long offset) implements Comparable<Position>, Serializable {
    /** Before everything: the earliest record that is retained, whichever that is. */
    public static final Position START = new Position(0, 0);

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public Position {
        if (segment < 0 || offset < 0) {
            throw new IllegalArgumentException("a position has no negative parts: " + segment + ":" + offset);
        }
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @param text {@code segment:offset}, both decimal
     * @return the position
     * @throws IllegalArgumentException if the text is not a position
     */
    public static Position parse(String text) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            try {
                return new Position(
                        Long.parseLong(text, 0, colon, 10), Long.parseLong(text, colon + 1, text.length(), 10));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(notAPosition(text), e);
            }
        }
        throw new IllegalArgumentException(notAPosition(text));
    }

    private static String notAPosition(String text) {
        return "not a position: '" + text + "' (expected segment:offset, like 3:4168)";
    }

    @Override
    public int compareTo(Position other) {
        int bySegment = Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }

    /** {@return {@code segment:offset}, which {@link #parse} reads back} */
    @Override
    public String toString() {
        return segment + ":" + offset;
    }
}
