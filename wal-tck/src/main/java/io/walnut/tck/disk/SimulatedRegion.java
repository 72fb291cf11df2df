package io.walnut.tck.disk;

import io.walnut.spi.MappedRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A plain buffer that stands for mapped memory. What was stored is found when the disk is next looked at. */
final class SimulatedRegion implements MappedRegion {
    private final DiskCore core;
    private final String name;
    private final int inode;
    private final ByteBuffer buffer;
    private boolean closed;

    SimulatedRegion(DiskCore core, String name, Inode file, int length) {
        this.core = core;
        this.name = name;
        this.inode = file.id;
        this.buffer = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        load(file);
    }

    int inode() {
        return inode;
    }

    int length() {
        return buffer.capacity();
    }

    String name() {
        return name;
    }

    ByteBuffer view(int bytes) {
        return buffer.duplicate().clear().limit(bytes);
    }

    void load(Inode file) {
        int there = Math.min(Math.min(file.size, file.current.length), buffer.capacity());
        buffer.put(0, file.current, 0, there);
        for (int i = there; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0);
        }
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void force(int from, int to) throws IOException {
        core.lock.lock();
        try {
            core.perform(
                    Operation.Kind.FORCE,
                    name,
                    from,
                    to - (long) from,
                    "mapped",
                    (model, index) -> model.inode(inode).force(from, to),
                    (model, index) -> model.inode(inode).limbo());
        } finally {
            core.lock.unlock();
        }
    }

    @Override
    public void close() {
        core.lock.lock();
        try {
            if (!closed) {
                core.observe();
                core.remove(this);
                closed = true;
            }
        } finally {
            core.lock.unlock();
        }
    }
}
