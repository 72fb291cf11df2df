package io.walnut.tck.kit;

import io.walnut.engine.storage.FileStorageProvider;
import io.walnut.spi.StorageProvider;

class FileStorageKitTest extends StorageKit {
    @Override
    protected StorageProvider provider() {
        return new FileStorageProvider();
    }
}
