package io.walnut.api;

/** The log or the reader had been closed. An append that ends with it has left nothing behind. */
public class WalClosedException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * Refused because it is closed.
     *
     * @param message what is closed
     */
    public WalClosedException(String message) {
        super(Reason.CLOSED, Outcome.REJECTED, message, null);
    }
}
