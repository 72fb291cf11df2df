package io.walnut.tck.crash.toy;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;

/** Tells a log from every other: a file that is made before the first segment. */
final class ToyId {
    private static final String NAME = "ID";

    private ToyId() {}

    static long of(Storage storage) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8);
        try (StorageFile file = storage.openReadOnly(NAME)) {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
            return bytes.getLong(0);
        } catch (NoSuchFileException e) {
            return create(storage, new SecureRandom().nextLong());
        }
    }

    private static long create(Storage storage, long id) throws IOException {
        storage.delete(NAME + ".new");
        try (StorageFile file = storage.create(NAME + ".new")) {
            file.write(ByteBuffer.allocate(8).putLong(id).flip(), 0);
            file.force();
        }
        storage.rename(NAME + ".new", NAME);
        storage.forceDirectory();
        return id;
    }
}
