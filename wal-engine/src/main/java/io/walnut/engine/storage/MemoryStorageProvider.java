package io.walnut.engine.storage;

import io.walnut.spi.PluginContext;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageProvider;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The storage {@code memory}: a directory that lives as long as the process, known by its {@code wal.dir}, so that a log
 * can be opened again.
 */
@Named("memory")
public final class MemoryStorageProvider implements StorageProvider {
    private static final Map<Path, MemoryStorage> DIRECTORIES = new ConcurrentHashMap<>();

    /** For the service loader. */
    public MemoryStorageProvider() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Storage create(Settings settings, PluginContext context) {
        return DIRECTORIES.computeIfAbsent(
                context.directory().toAbsolutePath().normalize(), path -> new MemoryStorage("memory:" + path));
    }
}
