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
    private final int from;
    private final ByteBuffer buffer;
    private boolean closed;

    SimulatedRegion(DiskCore core, String name, Inode file, int from, int length) {
        this.core = core;
        this.name = name;
        this.inode = file.id;
        this.from = from;
        this.buffer = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        load(file);
    }

    int inode() {
        return inode;
    }

    String name() {
        return name;
    }

    /** {@return where in the file it begins} */
    int from() {
        return from;
    }

    /** {@return what it holds of a file of this size} */
    ByteBuffer view(int size) {
        return buffer.duplicate().clear().limit(Math.max(0, Math.min(buffer.capacity(), size - from)));
    }

    void load(Inode file) {
        int there = Math.max(0, Math.min(Math.min(file.size, file.current.length) - from, buffer.capacity()));
        if (there > 0) {
            buffer.put(0, file.current, from, there);
        }
        for (int i = there; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0);
        }
    }

    /** Something was stored through another region of the same file. */
    void changed(int at, byte[] bytes) {
        int first = Math.max(at, from);
        int end = Math.min(at + bytes.length, from + buffer.capacity());
        if (first < end) {
            buffer.put(first - from, bytes, first - at, end - first);
        }
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void force(int first, int to) throws IOException {
        core.exclusively(() -> core.perform(
                Operation.Kind.FORCE,
                name,
                from + (long) first,
                to - (long) first,
                "mapped",
                (model, index) -> model.inode(inode).force(from + first, from + to),
                (model, index) -> model.inode(inode).limbo()));
    }

    @Override
    public void close() {
        core.exclusively(() -> {
            if (!closed) {
                core.observe();
                core.remove(this);
                closed = true;
            }
        });
    }
}
