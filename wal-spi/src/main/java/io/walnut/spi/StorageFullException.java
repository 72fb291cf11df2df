package io.walnut.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no space, or a quota or file size limit is reached. Freeing space cures it. */
public class StorageFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * No space.
     *
     * @param message what was to be stored where
     * @param cause what the system said
     */
    public StorageFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
