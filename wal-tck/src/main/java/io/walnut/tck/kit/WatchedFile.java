package io.walnut.tck.kit;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** A file that notes which of its bytes were written, and is full after so many calls if it is told to. */
final class WatchedFile implements StorageFile {
    private final StorageFile file;
    private final BitSet written = new BitSet();
    private int callsLeft = Integer.MAX_VALUE;
    private boolean failed;
    private boolean closed;

    WatchedFile(StorageFile file) {
        this.file = file;
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
    public String name() {
        return file.name();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        count();
        int length = source.remaining();
        file.write(source, position);
        written.set(Math.toIntExact(position), Math.toIntExact(position + length));
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
        count();
        file.truncate(size);
        if (size < written.length()) {
            written.clear(Math.toIntExact(size), written.length());
        }
    }

    @Override
    public boolean allocate(long from, long to) throws IOException {
        count();
        return file.allocate(from, to);
    }

    @Override
    public MappedRegion map(long from, long length) throws IOException {
        return file.map(from, length);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }
}
