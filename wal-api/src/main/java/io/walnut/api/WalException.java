package io.walnut.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something a log could not do. Kinds that users handle differently are types of their own; {@link #reason()} tells all
 * of them apart for a program, {@link #outcome()} what became of an append.
 */
public class WalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for a program to read. Open to additions. */
    public enum Reason {
        /** Reading or writing failed. */
        IO,
        /** There is no space for the record; nothing of it was written. Freeing space cures it. */
        DISK_FULL,
        /** Stored bytes are not what was stored. */
        CORRUPT,
        /** The log stopped after an earlier failure. */
        FAILED,
        /** The log or the reader is closed. */
        CLOSED,
        /** Somebody else has the log open. */
        LOCKED,
        /** The configuration is wrong. */
        CONFIG,
        /** A key, a value or a batch is over its limit. */
        RECORD_TOO_LARGE,
        /** Too much is waiting to be forced. */
        BACK_PRESSURE,
        /** The position is not in the log. */
        POSITION_UNAVAILABLE,
        /** No codec of that name or id is there. */
        UNKNOWN_CODEC,
        /** A codec failed. */
        CODEC,
        /** The log was opened for reading only. */
        READ_ONLY,
        /** Another plugin failed. */
        PLUGIN,
        /** There is no room for another checkpoint. */
        TOO_MANY_CHECKPOINTS,
        /** This backend cannot do it: see {@link Wal#capabilities()}. */
        UNSUPPORTED,
        /** The process lacked memory, or the thread lacked stack. */
        OUT_OF_MEMORY,
        /** The log did not expect what happened; please report it. */
        INTERNAL
    }

    /** What became of the append that ended with an exception. */
    public enum Outcome {
        /** The exception is not about an append. */
        NONE,
        /** Nothing was written: the record will never be seen. */
        REJECTED,
        /** Unknown until the log is opened again: the record may be found then, or not. */
        INDETERMINATE
    }

    private final Reason reason;
    private final Outcome outcome;
    private final @Nullable String file;
    private final @Nullable Position position;

    /**
     * An exception that is about no file.
     *
     * @param reason why
     * @param outcome what became of the append, if it is about one
     * @param message what happened and what to do
     * @param cause what it comes from, if anything
     */
    public WalException(Reason reason, Outcome outcome, String message, @Nullable Throwable cause) {
        this(reason, outcome, message, cause, null, null);
    }

    /**
     * An exception with everything.
     *
     * @param reason why
     * @param outcome what became of the append, if it is about one
     * @param message what happened and what to do
     * @param cause what it comes from, if anything
     * @param file the file it is about, if there is one
     * @param position the position it is about, if there is one
     */
    public WalException(
            Reason reason,
            Outcome outcome,
            String message,
            @Nullable Throwable cause,
            @Nullable String file,
            @Nullable Position position) {
        super(message, cause);
        this.reason = reason;
        this.outcome = outcome;
        this.file = file;
        this.position = position;
    }

    /** {@return why} */
    public Reason reason() {
        return reason;
    }

    /** {@return what became of the append that failed} */
    public Outcome outcome() {
        return outcome;
    }

    /** {@return the file it is about, if there is one} */
    public Optional<String> file() {
        return Optional.ofNullable(file);
    }

    /** {@return the position it is about, if there is one} */
    public Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    static WalException unsupported(Capability missing) {
        return new WalException(
                Reason.UNSUPPORTED, Outcome.NONE, "this backend does not have the capability " + missing, null);
    }
}
