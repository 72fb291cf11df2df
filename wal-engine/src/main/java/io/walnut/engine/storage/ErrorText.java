package io.walnut.engine.storage;

/**
 * The texts of the system's errors, in the language of this process. This is the portable variant, which knows none; on
 * JDK 22 and later another class takes its place.
 */
final class ErrorText {
    private ErrorText() {}

    /** {@return the text of an error number, as the JDK reports it in an exception; empty if it cannot be had here} */
    static String of(int errno) {
        return "";
    }
}
