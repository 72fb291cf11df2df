package io.walnut.tck.cli;

/** The work could not be done, for a reason that the message tells in full. */
final class UnfinishedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnfinishedException(String message) {
        super(message);
    }
}
