package io.walnut.api;

/** Somebody else, in this process or another one, has the log open. A log has at most one writer. */
public class WalLockedException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * The lock is taken.
     *
     * @param message who has it, as far as can be told
     * @param file the directory or lock file
     */
    public WalLockedException(String message, String file) {
        super(Reason.LOCKED, Outcome.NONE, message, null, file, null);
    }
}
