package io.walnut.tck.disk;

import java.util.Arrays;

/** Bytes that are written to a file. */
final class Write implements Change {
    private final int inode;
    private final long position;
    private final byte[] bytes;

    Write(int inode, long position, byte[] bytes) {
        this.inode = inode;
        this.position = position;
        this.bytes = bytes;
    }

    @Override
    public void apply(DiskModel model, int operation) {
        model.inode(inode).write(operation, position, bytes);
    }

    int length() {
        return bytes.length;
    }

    /** {@return how many of its bytes are in the first sector that it touches} */
    int inFirst(int sectorBytes) {
        return (int) (sectorBytes - position % sectorBytes);
    }

    /** {@return its first bytes} */
    Write beginning(int length) {
        return new Write(inode, position, Arrays.copyOf(bytes, length));
    }
}
