package io.walnut.engine.config;

/** How frames are stored: {@code wal.io}. */
public enum IoMode {
    /** Mapped where the storage and the preallocator allow it, else through the channel. */
    AUTO,
    /** By copying into mapped, zero-filled space. */
    MAPPED,
    /** By positional writes. */
    CHANNEL
}
