package io.walnut.engine.log;

import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;

/** A simulated disk that looks at its mapped memory after each single store of the engine. */
public final class ObservedStorage extends ForwardingStorage {
    private final SimulatedDisk disk;

    public ObservedStorage(SimulatedDisk disk) {
        this(disk, disk);
    }

    private ObservedStorage(SimulatedDisk disk, Storage storage) {
        super(storage);
        this.disk = disk;
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return new ObservedFile(super.create(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return new ObservedFile(super.open(name));
    }

    @Override
    public Storage directory(String name) throws IOException {
        return new ObservedStorage(disk, super.directory(name));
    }

    private final class ObservedFile extends ForwardingStorageFile implements StageMemory.Observed {
        ObservedFile(StorageFile file) {
            super(file);
        }

        @Override
        public void stored() {
            disk.observe();
        }
    }
}
