package io.walnut.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link Storage}. Thread-safe; positional, without a cursor. See {@link Storage} for what is durable
 * when. A file between the engine and another one extends {@link ForwardingStorageFile}.
 */
public interface StorageFile extends AutoCloseable {
    /** {@return its name in the storage, as it was when it was opened} */
    String name();

    /**
     * Reads.
     *
     * @param target receives the bytes at its position, which moves
     * @param position where in the file
     * @return how many bytes were read, which may be fewer than there is room for; -1 at or beyond the end of the file
     */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Writes all remaining bytes, growing the file if need be.
     *
     * @param source its position moves to its limit
     * @param position where in the file
     * @throws IOException if not all could be written; some may have been
     */
    void write(ByteBuffer source, long position) throws IOException;

    /** {@return its size in bytes} */
    long size() throws IOException;

    /**
     * Makes everything written so far, and the size, durable.
     *
     * @throws IOException if something could not be; each handle is told, also if another one was told before
     */
    void force() throws IOException;

    /**
     * Cuts or extends the file; new bytes are zeros, for which no space needs to be reserved.
     *
     * @param size the new size
     */
    void truncate(long size) throws IOException;

    /**
     * Reserves space without writing it, if this storage can.
     *
     * @param from where the space begins
     * @param to where it ends; the file is at least as large afterwards
     * @return false if it cannot be done here, and nothing was changed
     * @throws IOException if there is no space
     */
    default boolean allocate(long from, long to) throws IOException {
        return false;
    }

    /**
     * Maps a part of the file for writing, where {@link Storage#mappable} is true. Parts may overlap; what is stored into
     * one, or written to the file, is seen in all of them.
     *
     * @param from where the part begins
     * @param length how long it is; not beyond the end of the file
     * @return the region; it stays usable when this file is closed
     */
    MappedRegion map(long from, long length) throws IOException;

    /** Closes this handle. Makes nothing durable. Closing twice does nothing. */
    @Override
    void close() throws IOException;
}
