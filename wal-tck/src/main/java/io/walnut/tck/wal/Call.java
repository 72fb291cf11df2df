package io.walnut.tck.wal;

import io.walnut.api.Position;

/**
 * One call of a concurrent history.
 *
 * @param kind what was called
 * @param from when it was called, by a clock that all threads share
 * @param position what it returned
 * @param to when it returned
 */
record Call(Kind kind, long from, Position position, long to) {
    enum Kind {
        /** An append: its record is at the position from some moment of the call on. */
        APPENDED,
        /** A look at the end of what can be read, as it was at some moment of the call. */
        END,
        /** A sync: everything that had been acknowledged before the call lies below the position. */
        DURABLE
    }

    static Call appended(long from, Position position, long to) {
        return new Call(Kind.APPENDED, from, position, to);
    }

    static Call end(long from, Position position, long to) {
        return new Call(Kind.END, from, position, to);
    }

    static Call durable(long from, Position position, long to) {
        return new Call(Kind.DURABLE, from, position, to);
    }
}
