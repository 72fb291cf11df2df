package io.walnut.tck.crash;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.util.List;

/** Another directory on a simulated disk, each file of which is one of the disk's own under a longer name. */
final class PrefixedStorage implements Storage {
    private final Storage disk;
    private final String prefix;

    PrefixedStorage(Storage disk, String prefix) {
        this.disk = disk;
        this.prefix = prefix;
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return disk.create(prefix + name);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return disk.open(prefix + name);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return disk.openReadOnly(prefix + name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(prefix + from, prefix + to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(prefix + name);
    }

    @Override
    public void forceDirectory() throws IOException {
        disk.forceDirectory();
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        return disk.lock(prefix + name);
    }

    @Override
    public Storage directory(String name) throws IOException {
        return disk.directory(name);
    }

    @Override
    public boolean mappable() {
        return disk.mappable();
    }

    @Override
    public long usableBytes() throws IOException {
        return disk.usableBytes();
    }

    @Override
    public String location() {
        return disk.location() + "/" + prefix;
    }

    @Override
    public void close() {}
}
