package io.walnut.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Compresses and decompresses values. Thread-safe and stateless between calls.
 *
 * <p>The engine hands over two array-backed or two direct buffers, never read-only ones, never a mix. What a codec throws
 * while compressing rejects the append before anything was written.
 */
public interface Codec {
    /** {@return its identity on disk: 1 lz4, 2 zstd, 128 to 255 for others; 0 and 3 to 127 are taken} */
    int id();

    /**
     * The room that {@link #compress} may need.
     *
     * @param plainBytes the size of a value
     * @return the greatest size of its compressed form
     */
    int maxCompressedBytes(int plainBytes);

    /**
     * Compresses a value.
     *
     * @param plain its remaining bytes are the value; its position is moved to its limit
     * @param target receives the compressed form at its position, which is moved behind it; has at least {@link
     *     #maxCompressedBytes} remaining
     */
    void compress(ByteBuffer plain, ByteBuffer target);

    /**
     * Decompresses a value. The input may be hostile: a codec writes no byte beyond the target's limit and reserves no
     * memory by what the input claims.
     *
     * @param compressed its remaining bytes are the compressed form
     * @param target its remaining bytes are exactly the declared size of the value; all are filled, and its position is
     *     moved to its limit
     * @throws IOException if the input is not the compressed form of exactly as many bytes
     */
    void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException;
}
