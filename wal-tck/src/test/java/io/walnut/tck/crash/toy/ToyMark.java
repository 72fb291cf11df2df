package io.walnut.tck.crash.toy;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;

/** What was deleted, which numbers were used and what was durable: two files, written in turn. */
record ToyMark(long generation, long lowSegment, long lowSequence, long nextSegment, long durableSequence) {
    private static final int BYTES = 48;

    static ToyMark read(Storage storage) throws IOException {
        ToyMark newest = new ToyMark(0, 1, 1, 1, 1);
        for (int slot = 0; slot < 2; slot++) {
            try (StorageFile file = storage.openReadOnly("MARK" + slot)) {
                ByteBuffer bytes = ByteBuffer.allocate(BYTES);
                while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
                if (!bytes.hasRemaining() && bytes.getLong(40) == crc(bytes) && bytes.getLong(0) > newest.generation) {
                    newest = new ToyMark(
                            bytes.getLong(0),
                            bytes.getLong(8),
                            bytes.getLong(16),
                            bytes.getLong(24),
                            bytes.getLong(32));
                }
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        return newest;
    }

    ToyMark withDurable(long sequence) {
        return new ToyMark(generation + 1, lowSegment, lowSequence, nextSegment, sequence);
    }

    /** Makes durable what may only be written. */
    void settle(Storage storage) throws IOException {
        if (generation > 0) {
            write(storage);
        }
    }

    void write(Storage storage) throws IOException {
        String name = "MARK" + generation % 2;
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(generation).putLong(lowSegment).putLong(lowSequence);
        bytes.putLong(nextSegment).putLong(durableSequence);
        bytes.putLong(crc(bytes)).flip();
        try (StorageFile file = storage.list().contains(name) ? storage.open(name) : storage.create(name)) {
            file.write(bytes, 0);
            file.force();
        }
        storage.forceDirectory();
    }

    private static long crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(40));
        return crc.getValue();
    }
}
