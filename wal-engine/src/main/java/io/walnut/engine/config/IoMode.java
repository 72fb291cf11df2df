package io.walnut.engine.config;

/** How frames are stored: {@code wal.io}. */
public enum IoMode {
    /** Mapped where the storage and the preallocator allow it and appends do not wait for the device, else through the channel. */
    AUTO,
    /** By copying into mapped, zero-filled space. */
    MAPPED,
    /** By positional writes. */
    CHANNEL
}
