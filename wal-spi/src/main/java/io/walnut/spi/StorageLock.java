package io.walnut.spi;

import java.io.IOException;

/** A held lock. */
public interface StorageLock extends AutoCloseable {
    /** {@return whether it still keeps others out: false if, for instance, its file was deleted or replaced} */
    boolean held();

    /** Frees the lock. Closing twice does nothing. */
    @Override
    void close() throws IOException;
}
