package io.walnut.codec.lz4;

import io.walnut.spi.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * LZ4 blocks. Thread-safe; any level reads what any other wrote, and so do the native library and pure Java.
 *
 * <p>When a call fails, the positions of both buffers are where they were; the target's remaining bytes are undefined.
 */
public final class Lz4Codec implements Codec {
    static final int ID = 1;
    static final int FAST = 0;
    static final int MAX_LEVEL = 17;

    private final LZ4Factory factory;
    private final LZ4Compressor compressor;
    private final LZ4SafeDecompressor decompressor;

    /**
     * A codec on the fastest implementation that this platform has.
     *
     * @param level 0 for the fast compressor, 1 to 17 for the high one
     * @throws IllegalArgumentException if there is no such level
     */
    public Lz4Codec(int level) {
        this(Lz4Libraries.LIVE, level);
    }

    Lz4Codec(LZ4Factory factory, int level) {
        if (level < FAST || level > MAX_LEVEL) {
            throw new IllegalArgumentException("LZ4 has levels " + FAST + " to " + MAX_LEVEL + ", not " + level);
        }
        this.factory = factory;
        this.compressor = level == FAST ? factory.fastCompressor() : factory.highCompressor(level);
        this.decompressor = factory.safeDecompressor();
    }

    /** {@return whether the native library does the work, and not pure Java, which is several times slower} */
    public boolean isNative() {
        return Lz4Libraries.isNative(factory);
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedBytes(int plainBytes) {
        return compressor.maxCompressedLength(plainBytes);
    }

    @Override
    public void compress(ByteBuffer plain, ByteBuffer target) {
        int start = target.position();
        int written =
                compressor.compress(plain, plain.position(), plain.remaining(), target, start, target.remaining());
        plain.position(plain.limit());
        target.position(start + written);
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
        int expected = target.remaining();
        int actual = expected == 0 ? decompressNothing(compressed) : decompressInto(compressed, target);
        if (actual != expected) {
            throw new IOException("an LZ4 block holds " + actual + " plain bytes where " + expected + " are declared");
        }
        compressed.position(compressed.limit());
        target.position(target.limit());
    }

    private int decompressInto(ByteBuffer compressed, ByteBuffer target) throws IOException {
        try {
            return decompressor.decompress(
                    compressed,
                    compressed.position(),
                    compressed.remaining(),
                    target,
                    target.position(),
                    target.remaining());
        } catch (LZ4Exception | IndexOutOfBoundsException e) { // the latter from pure Java
            throw malformed(compressed, target.remaining(), e);
        }
    }

    /** The library's implementations differ in what they take for an empty block. */
    private static int decompressNothing(ByteBuffer compressed) throws IOException {
        if (compressed.remaining() != 1 || compressed.get(compressed.position()) != 0) {
            throw malformed(compressed, 0, null);
        }
        return 0;
    }

    private static IOException malformed(ByteBuffer compressed, int expected, @Nullable Exception cause) {
        return new IOException(
                "not an LZ4 block of " + expected + " plain bytes (" + compressed.remaining() + " bytes stored)",
                cause);
    }
}
