package io.walnut.tck.disk;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A handle on a file of a simulated disk. */
final class SimulatedFile implements StorageFile {
    private final DiskCore core;
    private final String name;
    private final String path;
    private final int inode;
    private final boolean writable;
    private boolean closed;

    SimulatedFile(DiskCore core, String name, String path, int inode, boolean writable) {
        this.core = core;
        this.name = name;
        this.path = path;
        this.inode = inode;
        this.writable = writable;
        core.opened(inode);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return core.exclusively(() -> {
            checkOpen();
            core.perform(Operation.Kind.READ, path, position, target.remaining(), "", Change.NOTHING, Change.NOTHING);
            Inode file = core.model.inode(inode);
            int length = (int) Math.min(target.remaining(), file.size - position);
            if (length <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            target.put(file.current, Math.toIntExact(position), length);
            return length;
        });
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        core.exclusively(() -> {
            checkWritable();
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            Write write = new Write(inode, position, bytes);
            try {
                core.perform(
                        Operation.Kind.WRITE,
                        path,
                        position,
                        bytes.length,
                        isZero(bytes) ? Operation.ZEROS : "",
                        write,
                        Change.NOTHING,
                        write.beginning(bytes.length / 2));
            } finally {
                core.refresh(inode);
            }
            source.position(source.limit());
        });
    }

    @Override
    public long size() throws IOException {
        return core.exclusively(() -> {
            checkOpen();
            return core.model.inode(inode).size;
        });
    }

    @Override
    public void force() throws IOException {
        core.exclusively(() -> {
            checkOpen();
            core.perform(
                    Operation.Kind.FORCE,
                    path,
                    0,
                    0,
                    "",
                    (model, index) -> model.force(inode),
                    (model, index) -> model.inode(inode).limbo());
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        core.exclusively(() -> {
            checkWritable();
            core.perform(
                    Operation.Kind.TRUNCATE,
                    path,
                    0,
                    size,
                    "",
                    (model, index) -> model.inode(inode).truncate(index, size),
                    Change.NOTHING);
            core.refresh(inode);
        });
    }

    /** Reserved space reads as zeros; that it is there is as little durable as any change of the size. */
    @Override
    public boolean allocate(long from, long to) throws IOException {
        return core.exclusively(() -> {
            checkWritable();
            if (to > core.model.inode(inode).size) {
                core.perform(
                        Operation.Kind.ALLOCATE,
                        path,
                        from,
                        to - from,
                        "",
                        (model, index) -> model.inode(inode).truncate(index, to),
                        Change.NOTHING);
                core.refresh(inode);
            }
            return true;
        });
    }

    @Override
    public MappedRegion map(long from, long length) throws IOException {
        return core.exclusively(() -> {
            checkWritable();
            if (!core.model.profile.mappable()) {
                throw new UnsupportedOperationException("this disk cannot be mapped");
            }
            core.perform(Operation.Kind.MAP, path, from, length, "", Change.NOTHING, Change.NOTHING);
            Inode file = core.model.inode(inode);
            if (from < 0 || from + length > file.size) {
                throw new IllegalStateException("contract: " + path + " is mapped beyond its end");
            }
            SimulatedRegion region =
                    new SimulatedRegion(core, path, file, Math.toIntExact(from), Math.toIntExact(length));
            core.add(region);
            return region;
        });
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException(path + " is closed");
        }
    }

    private void checkWritable() throws IOException {
        checkOpen();
        if (!writable) {
            throw new IOException(path + " was opened for reading only");
        }
    }

    @Override
    public void close() {
        core.exclusively(() -> {
            if (!closed) {
                closed = true;
                core.closed(inode);
            }
        });
    }
}
