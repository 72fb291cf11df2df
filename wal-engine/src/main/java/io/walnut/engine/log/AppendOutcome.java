package io.walnut.engine.log;

import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;

/**
 * Gives every append that fails its outcome. An exception of the log or of wrong arguments stays as it is; an error of the
 * virtual machine, which can strike between any two steps, becomes one that says whether the record was placed before.
 */
final class AppendOutcome {
    @SuppressWarnings("StaticAssignmentOfThrowable") // for where memory is so short that no exception can be made
    private static final WalException BARE_REJECTED = bare(Outcome.REJECTED);

    @SuppressWarnings("StaticAssignmentOfThrowable") // likewise
    private static final WalException BARE_INDETERMINATE = bare(Outcome.INDETERMINATE);

    private AppendOutcome() {}

    /** Makes what is needed where memory is short, while there is some. */
    static void prepare() {
        assert BARE_REJECTED.outcome() == Outcome.REJECTED;
    }

    private static WalException bare(Outcome outcome) {
        return new WalException(
                Reason.OUT_OF_MEMORY, outcome, "memory was too short even for an exception with its cause", null);
    }

    /**
     * Returns what an append throws.
     *
     * @param thrown what ended it
     * @param placed whether the record had its place in the log by then
     */
    static RuntimeException of(Throwable thrown, boolean placed) {
        if (thrown instanceof WalException || thrown instanceof RuntimeException && !placed) {
            return (RuntimeException) thrown;
        }
        try {
            Outcome outcome = placed ? Outcome.INDETERMINATE : Outcome.REJECTED;
            Reason reason = thrown instanceof VirtualMachineError ? Reason.OUT_OF_MEMORY : Reason.INTERNAL;
            String what = placed
                    ? "the record is in the log, and whether it is durable is not known: "
                    : "nothing was appended: ";
            return new WalException(reason, outcome, what + thrown, thrown);
        } catch (OutOfMemoryError e) {
            return placed ? BARE_INDETERMINATE : BARE_REJECTED;
        }
    }
}
