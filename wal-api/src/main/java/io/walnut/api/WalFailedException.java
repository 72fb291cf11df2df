package io.walnut.api;

import org.jspecify.annotations.Nullable;

/**
 * The log stopped because a store or a force failed: since then nothing is known of what the device holds beyond {@link
 * Wal#durableEnd()}, and no later success could be believed. The cause is the first failure. Open the log again to
 * recover what is there.
 */
public class WalFailedException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure, or an operation refused because of an earlier one.
     *
     * @param outcome {@code INDETERMINATE} for an append that had been written, {@code REJECTED} for a later one
     * @param message what failed
     * @param cause the first failure
     */
    public WalFailedException(Outcome outcome, String message, @Nullable Throwable cause) {
        super(Reason.FAILED, outcome, message, cause);
    }
}
