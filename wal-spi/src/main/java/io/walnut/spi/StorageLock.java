package io.walnut.spi;

import java.io.IOException;

/** A held lock. */
public interface StorageLock extends AutoCloseable {
    /** {@return whether it still keeps others out: false if, for instance, its file was deleted or replaced} */
    boolean held();

    /**
     * Checks whether the lock still keeps others out, and takes it again where it was dropped and nobody had it meanwhile.
     * The engine asks after each force and before each new segment, and stops the log before it acknowledges anything
     * beside another writer; so this takes microseconds.
     *
     * @return why the lock does not keep others out any more, for a person; empty while it does
     */
    default String lost() {
        return held() ? "" : "it was taken away";
    }

    /** Frees the lock. Closing twice does nothing. */
    @Override
    void close() throws IOException;
}
