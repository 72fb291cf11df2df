package io.walnut.engine.recovery;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import java.nio.ByteBuffer;

/** Bytes in memory that can be read like a file, and not changed. */
abstract class ReadOnlyView implements StorageFile {
    @Override
    public String name() {
        return "STAGE";
    }

    @Override
    public void write(ByteBuffer source, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedRegion map(long from, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
