package io.walnut.engine;

import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A storage that tells what is done to it, and in which a test can make anything fail. */
final class WatchedStorage extends ForwardingStorage {
    /** Called before each operation, with its name and its file. */
    interface Hook {
        void before(String operation, String file) throws IOException;
    }

    final List<String> trace = new CopyOnWriteArrayList<>();
    private final AtomicInteger openFiles = new AtomicInteger();
    volatile Hook hook = (operation, file) -> {};

    WatchedStorage(Storage inner) {
        super(inner);
    }

    long count(String operation) {
        return trace.stream().filter(each -> each.startsWith(operation + " ")).count();
    }

    int openFiles() {
        return openFiles.get();
    }

    private void before(String operation, String file) throws IOException {
        hook.before(operation, file);
        trace.add(operation + " " + file);
    }

    @Override
    public List<String> list() throws IOException {
        before("list", "");
        return super.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        before("create", name);
        return new Watched(super.create(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        before("open", name);
        return new Watched(super.open(name));
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        before("openReadOnly", name);
        return new Watched(super.openReadOnly(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        before("rename", to);
        super.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        before("delete", name);
        super.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        before("forceDirectory", "");
        super.forceDirectory();
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        before("lock", name);
        return super.lock(name);
    }

    private final class Watched extends ForwardingStorageFile {
        Watched(StorageFile file) {
            super(file);
            openFiles.incrementAndGet();
        }

        @Override
        public void close() throws IOException {
            openFiles.decrementAndGet();
            super.close();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            before("read", name());
            return super.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            before("write", name());
            super.write(source, position);
        }

        @Override
        public void force() throws IOException {
            before("force", name());
            super.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            before("truncate", name());
            super.truncate(size);
        }

        @Override
        public MappedRegion map(long from, long length) throws IOException {
            before("map", name());
            return super.map(from, length);
        }
    }
}
