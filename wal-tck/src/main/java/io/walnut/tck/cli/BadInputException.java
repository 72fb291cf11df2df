package io.walnut.tck.cli;

/** What the user asked for cannot be. The message says what is wrong and what to do. */
final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }
}
