package io.walnut.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A mapped region that passes every call on to another: the base of a decorator, which overrides what it does otherwise.
 * What is said of {@link ForwardingStorage} holds here. Stores into {@link #buffer} are no calls and pass by this object.
 */
public abstract class ForwardingMappedRegion implements MappedRegion {
    private final MappedRegion delegate;

    /**
     * A decorator.
     *
     * @param delegate what every call is passed on to; closed with this
     */
    protected ForwardingMappedRegion(MappedRegion delegate) {
        this.delegate = delegate;
    }

    /** {@return what every call is passed on to} */
    protected final MappedRegion delegate() {
        return delegate;
    }

    @Override
    public ByteBuffer buffer() {
        return delegate.buffer();
    }

    @Override
    public void force(int from, int to) throws IOException {
        delegate.force(from, to);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
