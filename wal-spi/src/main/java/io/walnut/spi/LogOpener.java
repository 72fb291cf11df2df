package io.walnut.spi;

import io.walnut.api.Wal;
import io.walnut.api.WalGroup;
import java.time.Clock;

/**
 * A log that is assembled but for its disk, its clock and its threads: with those of a test it does the same thing each
 * time. Not thread-safe.
 */
public interface LogOpener {
    /**
     * Opens the log, creating or recovering it.
     *
     * @param storage where it is, instead of what the configuration names
     * @param clock stamps records
     * @param background does all that the log does not do on its caller's thread
     * @return the log
     * @throws io.walnut.api.WalException as {@link io.walnut.api.WalProvider#open}
     */
    Wal open(Storage storage, Clock clock, Background background);

    /**
     * Opens a group of such logs.
     *
     * @param root where they are, instead of what the configuration names
     * @param clock stamps records
     * @param background does all that the group does not do on its caller's thread
     * @return the group
     * @throws io.walnut.api.WalException as {@link io.walnut.api.WalProvider#openGroup}
     * @throws UnsupportedOperationException if this backend has no groups
     */
    default WalGroup openGroup(Storage root, Clock clock, Background background) {
        throw new UnsupportedOperationException("the backend has no groups of logs");
    }

    /**
     * Copies what is intact of a damaged log, as {@link Salvager#salvage}.
     *
     * @param damaged where it is, instead of what the configuration names; nobody has it open
     * @param target an open log
     * @return what was copied, and what was not
     * @throws UnsupportedOperationException if this backend cannot salvage
     */
    default Salvager.Report salvage(Storage damaged, Wal target) {
        throw new UnsupportedOperationException("the backend cannot salvage");
    }

    /**
     * Whether the log does without a file's content, so that it is never forced.
     *
     * @param file its name
     * @return false unless it is known that the file only helps
     */
    default boolean isAdvisory(String file) {
        return false;
    }

    /** {@return whether the log notes what has become durable, so that losing it is never taken for a torn tail} */
    default boolean witnessesWhatIsDurable() {
        return false;
    }

    /**
     * Whether the log, as it is configured, deletes by itself what need not be retained.
     *
     * @return false unless it does; tests take for lost what is deleted by a log that says false
     */
    default boolean retains() {
        return false;
    }

    /** The threads and timers of a log. A task may be run before the call that hands it over returns. */
    interface Background {
        /** Runs a task soon. */
        void execute(Runnable task);

        /** Runs a task after a time. */
        void schedule(Runnable task, long nanos);
    }
}
