package io.walnut.engine.jmh;

import io.walnut.spi.Preallocator;
import io.walnut.spi.StorageFile;

/** Space that needs no filling, because its storage brings it along. */
final class FilledPreallocator implements Preallocator {
    @Override
    public void reserve(StorageFile file, long from, long to) {}

    @Override
    public boolean fills() {
        return true;
    }
}
