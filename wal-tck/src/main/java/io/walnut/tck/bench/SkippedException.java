package io.walnut.tck.bench;

/** A workload cannot be measured here; the message says why. */
final class SkippedException extends Exception {
    private static final long serialVersionUID = 1L;

    SkippedException(String message) {
        super(message);
    }
}
