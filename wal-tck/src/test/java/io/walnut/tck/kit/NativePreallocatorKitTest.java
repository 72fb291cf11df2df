package io.walnut.tck.kit;

import io.walnut.engine.preallocate.NativePreallocatorProvider;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.Storage;
import java.nio.file.Path;

class NativePreallocatorKitTest extends PreallocatorKit {
    @Override
    protected PreallocatorProvider provider() {
        return new NativePreallocatorProvider();
    }

    @Override
    protected Storage storage(Path directory) {
        return new FileStorage(directory);
    }
}
