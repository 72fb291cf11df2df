package io.walnut.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A part of a file as memory. What is stored into it is seen by readers of the file at once. */
public interface MappedRegion extends AutoCloseable {
    /** {@return the memory, little-endian, from 0 to the mapped length; the same object at each call} */
    ByteBuffer buffer();

    /**
     * Makes what was stored into a range durable.
     *
     * @param from where the range begins in the region
     * @param to where it ends
     */
    void force(int from, int to) throws IOException;

    /** Frees the region, which nobody may touch afterwards. Makes nothing durable. Closing twice does nothing. */
    @Override
    void close();
}
