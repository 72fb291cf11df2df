package io.walnut.tck.kit;

import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** A file that notes which of its bytes were written, and is full after so many calls if it is told to. */
final class WatchedFile extends ForwardingStorageFile {
    private final BitSet written = new BitSet();
    private int callsLeft = Integer.MAX_VALUE;
    private boolean failed;
    private boolean closed;

    WatchedFile(StorageFile file) {
        super(file);
    }

    /** Lets so many calls that need space succeed, and no more. */
    void failAfter(int calls) {
        callsLeft = calls;
    }

    boolean failed() {
        return failed;
    }

    boolean closed() {
        return closed;
    }

    BitSet written() {
        return written;
    }

    private void count() throws IOException {
        if (callsLeft-- <= 0) {
            failed = true;
            throw new StorageFullException("the kit leaves no space in " + name(), null);
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        count();
        int length = source.remaining();
        super.write(source, position);
        written.set(Math.toIntExact(position), Math.toIntExact(position + length));
    }

    @Override
    public void truncate(long size) throws IOException {
        count();
        super.truncate(size);
        if (size < written.length()) {
            written.clear(Math.toIntExact(size), written.length());
        }
    }

    @Override
    public boolean allocate(long from, long to) throws IOException {
        count();
        return super.allocate(from, to);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }
}
