package io.walnut.api;

import org.jspecify.annotations.Nullable;

/**
 * Stored bytes are not what was stored, and a crash does not explain it. Tells the file, the offset and, in its message,
 * the sequence of the first record that cannot be given back.
 */
public class WalCorruptException extends WalException {
    private static final long serialVersionUID = 1L;

    /**
     * Damage at a place.
     *
     * @param message what was found and what to do
     * @param file the damaged file
     * @param position where in the log
     */
    public WalCorruptException(String message, String file, @Nullable Position position) {
        this(message, file, position, null);
    }

    /**
     * Damage at a place, found by something else failing.
     *
     * @param message what was found and what to do
     * @param file the damaged file
     * @param position where in the log
     * @param cause what failed
     */
    public WalCorruptException(String message, String file, @Nullable Position position, @Nullable Throwable cause) {
        super(Reason.CORRUPT, Outcome.NONE, message, cause, file, position);
    }
}
