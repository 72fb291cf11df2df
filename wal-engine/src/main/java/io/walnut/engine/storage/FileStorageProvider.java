package io.walnut.engine.storage;

import io.walnut.spi.PluginContext;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageProvider;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The storage {@code file}. */
@Named("file")
public final class FileStorageProvider implements StorageProvider {
    /** For the service loader. */
    public FileStorageProvider() {}

    @Override
    public String name() {
        return "file";
    }

    @Override
    public Storage create(Settings settings, PluginContext context) {
        return new FileStorage(context.directory());
    }
}
