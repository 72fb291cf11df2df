package io.walnut.api;

/** A key, a value or a batch is larger than the configuration allows. Nothing was written. */
public class RecordTooLargeException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * Over a limit.
     *
     * @param message what is too large, how large it is, and which key sets the limit
     */
    public RecordTooLargeException(String message) {
        super(Reason.RECORD_TOO_LARGE, Outcome.REJECTED, message, null);
    }
}
