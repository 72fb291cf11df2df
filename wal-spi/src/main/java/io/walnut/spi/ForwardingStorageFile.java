package io.walnut.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file that passes every call on to another: the base of a decorator, which overrides what it does otherwise. What is
 * said of {@link ForwardingStorage} holds here: every method is passed on, those with a default too; none calls another
 * one of this object; and the other belongs to this one, so that {@link #close} closes it.
 *
 * <p>{@link #write} is not the only way for bytes to get into a file. Stores into a region from {@link #map} are no calls
 * and pass by this object, always; {@link MappedRegion#force} and the other methods of a
 * region do unless {@code map} is overridden to wrap it, in a {@link ForwardingMappedRegion} for instance. {@link #truncate}
 * and {@link #allocate} change a file as well.
 */
public abstract class ForwardingStorageFile implements StorageFile {
    private final StorageFile delegate;

    /**
     * A decorator.
     *
     * @param delegate what every call is passed on to; closed with this
     */
    protected ForwardingStorageFile(StorageFile delegate) {
        this.delegate = delegate;
    }

    /** {@return what every call is passed on to} */
    protected final StorageFile delegate() {
        return delegate;
    }

    @Override
    public String name() {
        return delegate.name();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return delegate.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        delegate.write(source, position);
    }

    @Override
    public long size() throws IOException {
        return delegate.size();
    }

    @Override
    public void force() throws IOException {
        delegate.force();
    }

    @Override
    public void truncate(long size) throws IOException {
        delegate.truncate(size);
    }

    @Override
    public boolean allocate(long from, long to) throws IOException {
        return delegate.allocate(from, to);
    }

    @Override
    public MappedRegion map(long from, long length) throws IOException {
        return delegate.map(from, length);
    }

    @Override
    public void close() throws IOException {
        delegate.close();
    }
}
