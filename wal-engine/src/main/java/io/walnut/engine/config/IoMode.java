package io.walnut.engine.config;

import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;
import java.util.Optional;

/** Whether the stage is mapped: {@code wal.io}. */
public enum IoMode {
    /** Mapped where the storage and the preallocator allow it and appends do not wait for the device. */
    AUTO,
    /** Mapped from a file. */
    MAPPED,
    /** Plain memory, so that appends are written before they return. */
    CHANNEL;

    /** {@return what is wrong with this mode beside a preallocator; empty if nothing is} */
    public Optional<String> problemWith(Preallocator preallocator) {
        return needs(preallocator.fills(), "a preallocator that writes the space, like 'zero'");
    }

    /** {@return what is wrong with this mode on a storage; empty if nothing is} */
    public Optional<String> problemWith(Storage storage) {
        return needs(storage.mappable(), "a storage that can be mapped, which " + storage.location() + " is not");
    }

    private Optional<String> needs(boolean met, String what) {
        return this != MAPPED || met
                ? Optional.empty()
                : Optional.of(EngineKeys.IO.name() + ": 'mapped' needs " + what + "; use 'auto' or 'channel'");
    }
}
