package io.walnut.api;

/** A position lies below what is retained, beyond the end, or not at a record. */
public class PositionUnavailableException extends WalException {
    private static final long serialVersionUID = 1L;

    private final Position start;
    private final Position end;

    /**
     * Not in the log.
     *
     * @param message what is wrong with the position
     * @param position the position
     * @param start the first position that is retained
     * @param end just past the last record
     */
    public PositionUnavailableException(String message, Position position, Position start, Position end) {
        super(Reason.POSITION_UNAVAILABLE, Outcome.NONE, message, null, null, position);
        this.start = start;
        this.end = end;
    }

    /** {@return the first position that is retained: where a reader that fell behind can continue} */
    public Position start() {
        return start;
    }

    /** {@return just past the last record} */
    public Position end() {
        return end;
    }
}
