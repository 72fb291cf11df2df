package io.walnut.engine.log;

import io.walnut.spi.StorageFile;
import java.io.IOException;

/** Stores by positional writes. */
final class ChannelWriter implements SegmentWriter {
    private static final Reservation NOTHING_NEEDED = new Reservation() {};

    private final StorageFile file;

    ChannelWriter(StorageFile file) {
        this.file = file;
    }

    @Override
    public void put(int at, AppendBuffer buffer, int from, int length) throws IOException {
        file.write(buffer.view(from, length), at);
    }

    @Override
    public Reservation reserve(long to) {
        return NOTHING_NEEDED;
    }

    @Override
    public void reserved(Reservation more) {}

    @Override
    public StorageFile file() {
        return file;
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void release() {}
}
