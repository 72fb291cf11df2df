package io.walnut.engine.preallocate;

import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.StorageFile;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.io.IOException;

/** The preallocator {@code sparse}: sets the size of the file, which reserves nothing. */
@Named("sparse")
public final class SparsePreallocatorProvider implements PreallocatorProvider {
    /** For the service loader. */
    public SparsePreallocatorProvider() {}

    @Override
    public String name() {
        return "sparse";
    }

    @Override
    public Preallocator create(Settings settings, PluginContext context) {
        return new Preallocator() {
            @Override
            public void reserve(StorageFile file, long from, long to) throws IOException {
                file.truncate(to);
            }

            @Override
            public boolean fills() {
                return false;
            }
        };
    }
}
