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

    /**
     * Says that a range will not be stored into for some time, so that forcing it can be made cheaper, by taking its pages
     * out of the mapping, for instance. Only a hint: what the range holds stays the same, for everybody, it is no more and
     * no less durable, and storing into it is possible.
     *
     * @param from where the range begins in the region
     * @param to where it ends
     * @return whether forces are cheaper by that; false, and nothing is done, unless a storage says otherwise
     */
    default boolean evict(int from, int to) {
        return false;
    }

    /**
     * Says that a range will be stored into soon, so that whoever does need not wait for its pages, by putting them into
     * the mapping ready for that, for instance; a force may write them then. Only a hint: what the range holds stays the
     * same, for everybody, also if somebody stores into it meanwhile. May take its time.
     *
     * @param from where the range begins in the region
     * @param to where it ends
     * @return whether stores are cheaper by that; false, and nothing is done, unless a storage says otherwise
     */
    default boolean populate(int from, int to) {
        return false;
    }

    /** Frees the region, which nobody may touch afterwards. Makes nothing durable. Closing twice does nothing. */
    @Override
    void close();
}
