package io.walnut.engine.log;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A simulated disk that looks at its mapped memory after each single store of the engine. */
public final class ObservedStorage implements Storage {
    private final SimulatedDisk disk;
    private final Storage storage;

    public ObservedStorage(SimulatedDisk disk) {
        this(disk, disk);
    }

    private ObservedStorage(SimulatedDisk disk, Storage storage) {
        this.disk = disk;
        this.storage = storage;
    }

    @Override
    public List<String> list() throws IOException {
        return storage.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return new ObservedFile(storage.create(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return new ObservedFile(storage.open(name));
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return storage.openReadOnly(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        storage.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        storage.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        storage.forceDirectory();
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        return storage.lock(name);
    }

    @Override
    public Storage directory(String name) throws IOException {
        return new ObservedStorage(disk, storage.directory(name));
    }

    @Override
    public boolean mappable() {
        return storage.mappable();
    }

    @Override
    public long usableBytes() throws IOException {
        return storage.usableBytes();
    }

    @Override
    public String location() {
        return storage.location();
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }

    private final class ObservedFile implements StorageFile, MappedWriter.Observed {
        private final StorageFile file;

        ObservedFile(StorageFile file) {
            this.file = file;
        }

        @Override
        public void stored() {
            disk.observe();
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public MappedRegion map(long from, long length) throws IOException {
            return file.map(from, length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
