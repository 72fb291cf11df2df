package io.walnut.engine.jmh;

import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Segments in memory that was touched before and comes back when they are deleted, so that a benchmark sees what the
 * engine does and nothing of what the kernel does. Recycled memory is not zeroed: such a log cannot be recovered.
 */
final class RecycledStorage implements Storage {
    private static final String STATE = "STATE";
    private static final String WITNESS = "WITNESS";

    private final Storage small = new MemoryStorage("jmh");
    private final Map<String, ByteBuffer> segments = new ConcurrentHashMap<>();
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final int segmentBytes;

    RecycledStorage(int segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    private static boolean isSmall(String name) {
        return name.startsWith(STATE) || name.startsWith(WITNESS);
    }

    private ByteBuffer memory() {
        ByteBuffer recycled = free.poll();
        if (recycled != null) {
            return recycled;
        }
        ByteBuffer fresh = ByteBuffer.allocateDirect(segmentBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < segmentBytes; at += 4096) {
            fresh.put(at, (byte) 0);
        }
        return fresh;
    }

    @Override
    public List<String> list() throws IOException {
        return Stream.concat(small.list().stream(), segments.keySet().stream()).toList();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        if (isSmall(name)) {
            return small.create(name);
        }
        segments.put(name, memory());
        return open(name);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        if (isSmall(name)) {
            return small.open(name);
        }
        ByteBuffer memory = segments.get(name);
        if (memory == null) {
            throw new NoSuchFileException(name);
        }
        return new File(name, memory);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return open(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (isSmall(from)) {
            small.rename(from, to);
        } else {
            segments.put(to, segments.remove(from));
        }
    }

    @Override
    public void delete(String name) throws IOException {
        ByteBuffer memory = segments.remove(name);
        if (memory != null) {
            free.add(memory);
        }
        small.delete(name);
    }

    @Override
    public void forceDirectory() {}

    @Override
    public StorageLock lock(String name) throws IOException {
        return small.lock(name);
    }

    @Override
    public Storage directory(String name) throws IOException {
        return small.directory(name);
    }

    @Override
    public boolean mappable() {
        return true;
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public String location() {
        return "jmh";
    }

    @Override
    public void close() {}

    private record Region(ByteBuffer buffer) implements MappedRegion {
        @Override
        public void force(int from, int to) {}

        @Override
        public void close() {}
    }

    private static final class File implements StorageFile {
        private final String name;
        private final ByteBuffer memory;
        private volatile long size;

        File(String name, ByteBuffer memory) {
            this.name = name;
            this.memory = memory;
            this.size = memory.capacity();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int length = (int) Math.min(target.remaining(), size - position);
            if (length <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            target.put(memory.duplicate().limit((int) position + length).position((int) position));
            return length;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            memory.duplicate().position((int) position).put(source);
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void force() {}

        @Override
        public void truncate(long newSize) {
            size = newSize;
        }

        @Override
        public MappedRegion map(long from, long length) {
            return new Region(memory.slice((int) from, (int) length).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public void close() {}
    }
}
