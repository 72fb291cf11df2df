package io.walnut.tck.kit;

import io.walnut.engine.storage.MemoryStorageProvider;
import io.walnut.spi.StorageProvider;

class MemoryStorageKitTest extends StorageKit {
    @Override
    protected StorageProvider provider() {
        return new MemoryStorageProvider();
    }
}
