package io.walnut.api;

/** The life of a {@link Wal}. */
public enum WalState {
    /** Appending and reading work. */
    OPEN,
    /**
     * A store or a force failed. Nothing is appended any more; reading up to {@link Wal#durableEnd()} and closing work.
     * Opening the log again is the only way out.
     */
    FAILED,
    /** Closed; nothing works but asking for the state and the recovery report. */
    CLOSED
}
