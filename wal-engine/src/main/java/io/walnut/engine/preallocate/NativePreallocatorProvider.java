package io.walnut.engine.preallocate;

import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.StorageFile;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The preallocator {@code native}: lets the kernel reserve space (posix_fallocate), where the storage can, and else
 * leaves files to grow, which is logged once.
 */
@Named("native")
public final class NativePreallocatorProvider implements PreallocatorProvider {
    /** For the service loader. */
    public NativePreallocatorProvider() {}

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Preallocator create(Settings settings, PluginContext context) {
        AtomicBoolean told = new AtomicBoolean();
        return new Preallocator() {
            @Override
            public void reserve(StorageFile file, long from, long to) throws IOException {
                if (!file.allocate(from, to) && told.compareAndSet(false, true)) {
                    System.getLogger("io.walnut.preallocator")
                            .log(
                                    System.Logger.Level.WARNING,
                                    "wal.preallocate.fallback log=" + context.logName()
                                            + " preallocator=native: the storage cannot reserve space here"
                                            + " (posix_fallocate needs JDK 22 or later and"
                                            + " --enable-native-access=io.walnut.engine, or ALL-UNNAMED on the class"
                                            + " path); files grow as they are written");
                }
            }

            @Override
            public boolean fills() {
                return false;
            }
        };
    }
}
