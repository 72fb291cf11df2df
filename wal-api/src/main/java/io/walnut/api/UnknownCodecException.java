package io.walnut.api;

/** A record names a codec that is not there. The message names those that are, and what to add. */
public class UnknownCodecException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * No such codec.
     *
     * @param outcome {@code REJECTED} if it is about an append
     * @param message which codec, which ones are available, and what to add
     */
    public UnknownCodecException(Outcome outcome, String message) {
        super(Reason.UNKNOWN_CODEC, outcome, message, null);
    }
}
