package io.walnut.engine.preallocate;

import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.StorageFile;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The preallocator {@code none}: files grow as they are written. */
@Named("none")
public final class NonePreallocatorProvider implements PreallocatorProvider {
    /** For the service loader. */
    public NonePreallocatorProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Preallocator create(Settings settings, PluginContext context) {
        return new Preallocator() {
            @Override
            public void reserve(StorageFile file, long from, long to) {}

            @Override
            public boolean fills() {
                return false;
            }
        };
    }
}
