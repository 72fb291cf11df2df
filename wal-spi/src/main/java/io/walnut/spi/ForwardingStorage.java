package io.walnut.spi;

import java.io.IOException;
import java.util.List;

/**
 * A storage that passes every call on to another: the base of a decorator, which overrides what it does otherwise. Its
 * author must know:
 *
 * <ul>
 *   <li>Every method is passed on, those with a default too, so that what the other can do can still be done. A method
 *       that comes later is passed on as well: what must not be reached is to be refused by the other, not only here.
 *   <li>{@link #create}, {@link #open} and {@link #openReadOnly} return the handles of the other, {@link #directory} its
 *       storage. Who is concerned with what is done to files overrides all four and wraps what they return, handles in a
 *       {@link ForwardingStorageFile}.
 *   <li>No method calls another one of this object; overriding one changes no other.
 *   <li>The other belongs to this one: {@link #close} closes it. Who only borrows it overrides {@code close}.
 *   <li>What stores into mapped memory is seen by no storage: see {@link ForwardingStorageFile}. Who has to see
 *       everything overrides {@link #mappable} to be false.
 * </ul>
 *
 * <p>As thread-safe as the other; what a subclass adds has to be thread-safe too.
 */
public abstract class ForwardingStorage implements Storage {
    private final Storage delegate;

    /**
     * A decorator.
     *
     * @param delegate what every call is passed on to; closed with this
     */
    protected ForwardingStorage(Storage delegate) {
        this.delegate = delegate;
    }

    /** {@return what every call is passed on to} */
    protected final Storage delegate() {
        return delegate;
    }

    @Override
    public List<String> list() throws IOException {
        return delegate.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return delegate.create(name);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return delegate.open(name);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return delegate.openReadOnly(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        delegate.rename(from, to);
    }

    @Override
    public boolean unshare(String name) throws IOException {
        return delegate.unshare(name);
    }

    @Override
    public void delete(String name) throws IOException {
        delegate.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        delegate.forceDirectory();
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        return delegate.lock(name);
    }

    @Override
    public Storage directory(String name) throws IOException {
        return delegate.directory(name);
    }

    @Override
    public List<String> directories() throws IOException {
        return delegate.directories();
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        delegate.deleteDirectory(name);
    }

    @Override
    public boolean mappable() {
        return delegate.mappable();
    }

    @Override
    public long usableBytes() throws IOException {
        return delegate.usableBytes();
    }

    @Override
    public String location() {
        return delegate.location();
    }

    @Override
    public void close() throws IOException {
        delegate.close();
    }
}
