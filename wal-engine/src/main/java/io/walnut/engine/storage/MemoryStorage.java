package io.walnut.engine.storage;

import io.walnut.api.WalLockedException;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A directory in the memory of this process, for tests and for logs that need not outlive it. It can be opened again as
 * long as this object is there. Forcing does nothing: there is nothing that would survive the process.
 */
public final class MemoryStorage implements Storage {
    private final String location;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Content> files = new HashMap<>();
    private final Map<String, MemoryStorage> directories = new ConcurrentHashMap<>();
    private @Nullable Object holder;

    /**
     * An empty directory.
     *
     * @param location what it is called in messages
     */
    public MemoryStorage(String location) {
        this.location = location;
    }

    @Override
    public List<String> list() {
        lock.lock();
        try {
            return new ArrayList<>(files.keySet());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StorageFile create(String name) throws IOException {
        lock.lock();
        try {
            Content content = new Content();
            if (files.putIfAbsent(FileNames.check(name), content) != null) {
                throw new FileAlreadyExistsException(name);
            }
            return new Handle(name, content, true);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return new Handle(name, existing(name), true);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return new Handle(name, existing(name), false);
    }

    private Content existing(String name) throws IOException {
        lock.lock();
        try {
            Content content = files.get(name);
            if (content == null) {
                throw new NoSuchFileException(name);
            }
            return content;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        lock.lock();
        try {
            if (files.containsKey(to)) {
                throw new FileAlreadyExistsException(to);
            }
            files.put(FileNames.check(to), existing(from));
            files.remove(from);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete(String name) {
        lock.lock();
        try {
            files.remove(name);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forceDirectory() {}

    @Override
    @SuppressWarnings("ReferenceEquality") // the holder is this very object
    public StorageLock lock(String name) {
        lock.lock();
        try {
            if (holder != null) {
                throw new WalLockedException("the log in " + location + " is already open in this process", location);
            }
            Object me = new Object();
            holder = me;
            return new StorageLock() {
                @Override
                public boolean held() {
                    return holder == me;
                }

                @Override
                public void close() {
                    lock.lock();
                    try {
                        if (holder == me) {
                            holder = null;
                        }
                    } finally {
                        lock.unlock();
                    }
                }
            };
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Storage directory(String name) {
        return directories.computeIfAbsent(FileNames.check(name), key -> new MemoryStorage(location + "/" + key));
    }

    @Override
    public List<String> directories() {
        return directories.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isEmpty() {
        return list().isEmpty() && directories().isEmpty();
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        MemoryStorage inner = directories.get(name);
        if (inner != null && !inner.isEmpty()) {
            throw new DirectoryNotEmptyException(inner.location);
        }
    }

    @Override
    public boolean mappable() {
        return false;
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public void close() {}

    private static final class Content {
        private final ReentrantLock lock = new ReentrantLock();
        private byte[] bytes = new byte[4096];
        private int size;

        private void resize(long newSize) throws IOException {
            if (newSize > Integer.MAX_VALUE - 8) {
                throw new IOException("a file in memory is at most 2 GiB");
            }
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(
                        bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(newSize, 2L * bytes.length)));
            } else if (newSize < size) {
                Arrays.fill(bytes, (int) newSize, size, (byte) 0);
            }
            size = (int) newSize;
        }
    }

    private static final class Handle implements StorageFile {
        private final String name;
        private final Content content;
        private final boolean writable;
        private volatile boolean closed;

        Handle(String name, Content content, boolean writable) {
            this.name = name;
            this.content = content;
            this.writable = writable;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            checkOpen();
            content.lock.lock();
            try {
                int length = (int) Math.min(target.remaining(), content.size - position);
                if (length <= 0) {
                    return target.hasRemaining() ? -1 : 0;
                }
                target.put(content.bytes, (int) position, length);
                return length;
            } finally {
                content.lock.unlock();
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            checkWritable();
            content.lock.lock();
            try {
                int length = source.remaining();
                if (position + length > content.size) {
                    content.resize(position + length);
                }
                source.get(content.bytes, (int) position, length);
            } finally {
                content.lock.unlock();
            }
        }

        @Override
        public long size() throws IOException {
            checkOpen();
            content.lock.lock();
            try {
                return content.size;
            } finally {
                content.lock.unlock();
            }
        }

        @Override
        public void force() throws IOException {
            checkOpen();
        }

        @Override
        public void truncate(long size) throws IOException {
            checkWritable();
            content.lock.lock();
            try {
                content.resize(size);
            } finally {
                content.lock.unlock();
            }
        }

        @Override
        public MappedRegion map(long from, long length) {
            throw new UnsupportedOperationException("memory is not mapped");
        }

        private void checkOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        private void checkWritable() throws IOException {
            checkOpen();
            if (!writable) {
                throw new IOException("opened for reading only: " + name);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
