package io.walnut.engine;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A storage that tells what is done to it, and in which a test can make anything fail. */
final class WatchedStorage implements Storage {
    /** Called before each operation, with its name and its file. */
    interface Hook {
        void before(String operation, String file) throws IOException;
    }

    final List<String> trace = new CopyOnWriteArrayList<>();
    volatile Hook hook = (operation, file) -> {};
    private final Storage inner;

    WatchedStorage(Storage inner) {
        this.inner = inner;
    }

    long count(String operation) {
        return trace.stream().filter(each -> each.startsWith(operation + " ")).count();
    }

    private void before(String operation, String file) throws IOException {
        hook.before(operation, file);
        trace.add(operation + " " + file);
    }

    @Override
    public List<String> list() throws IOException {
        before("list", "");
        return inner.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        before("create", name);
        return new Watched(inner.create(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        before("open", name);
        return new Watched(inner.open(name));
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        before("openReadOnly", name);
        return new Watched(inner.openReadOnly(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        before("rename", to);
        inner.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        before("delete", name);
        inner.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        before("forceDirectory", "");
        inner.forceDirectory();
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        before("lock", name);
        return inner.lock(name);
    }

    @Override
    public Storage directory(String name) throws IOException {
        return inner.directory(name);
    }

    @Override
    public boolean mappable() {
        return inner.mappable();
    }

    @Override
    public long usableBytes() throws IOException {
        return inner.usableBytes();
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }

    private final class Watched implements StorageFile {
        private final StorageFile file;

        Watched(StorageFile file) {
            this.file = file;
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            before("read", name());
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            before("write", name());
            file.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force() throws IOException {
            before("force", name());
            file.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            before("truncate", name());
            file.truncate(size);
        }

        @Override
        public boolean allocate(long from, long to) throws IOException {
            return file.allocate(from, to);
        }

        @Override
        public MappedRegion map(long from, long length) throws IOException {
            before("map", name());
            return file.map(from, length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
