package io.walnut.api;

/**
 * More bytes wait to be forced than {@code wal.unsynced.max.bytes} allows. Nothing was written; the append can be tried
 * again once the device has caught up.
 */
public class BackPressureException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * Refused for now.
     *
     * @param message how much is waiting
     */
    public BackPressureException(String message) {
        super(Reason.BACK_PRESSURE, Outcome.REJECTED, message, null);
    }
}
