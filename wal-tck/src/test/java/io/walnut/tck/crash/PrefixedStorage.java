package io.walnut.tck.crash;

import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.util.List;

/** Another directory on a simulated disk, each file of which is one of the disk's own under a longer name. */
final class PrefixedStorage extends ForwardingStorage {
    private final String prefix;

    PrefixedStorage(Storage disk, String prefix) {
        super(disk);
        this.prefix = prefix;
    }

    @Override
    public List<String> list() throws IOException {
        return super.list().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return super.create(prefix + name);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return super.open(prefix + name);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return super.openReadOnly(prefix + name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        super.rename(prefix + from, prefix + to);
    }

    @Override
    public void delete(String name) throws IOException {
        super.delete(prefix + name);
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        return super.lock(prefix + name);
    }

    @Override
    public String location() {
        return super.location() + "/" + prefix;
    }

    @Override
    public void close() {}
}
