package io.walnut.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.walnut.spi.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard frames, one for each value, without a checksum of their own. Thread-safe; any level reads what any other
 * wrote. Legacy formats, dictionaries, skippable and concatenated frames are refused.
 *
 * <p>When a call fails, the positions of both buffers are where they were; the target's remaining bytes are undefined.
 */
@SuppressWarnings("ByteBufferBackingArray") // the array offset is in indexOf
public final class ZstdCodec implements Codec {
    static final int ID = 2;
    /** Hard-coded, so that describing the configuration does not load the native library. */
    static final int MIN_LEVEL = -131_072;

    static final int MAX_LEVEL = 22;

    private static final int MAGIC = 0xFD2FB528;
    /** A compressor grows with what it compressed; one that grew large is not kept. */
    private static final int LARGE_VALUE = 256 * 1024;

    private final int level;

    /**
     * A codec.
     *
     * @param level -131072 to 22; the greater, the smaller the result and the slower to write
     * @throws IllegalArgumentException if there is no such level
     * @throws IllegalStateException if the native library cannot be loaded here; it says what to do
     */
    public ZstdCodec(int level) {
        if (level < MIN_LEVEL || level > MAX_LEVEL) {
            throw new IllegalArgumentException(
                    "Zstandard has levels " + MIN_LEVEL + " to " + MAX_LEVEL + ", not " + level);
        }
        loadNativeLibrary();
        this.level = level;
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedBytes(int plainBytes) {
        long bound = plainBytes < 0 ? Long.MAX_VALUE : Zstd.compressBound(plainBytes);
        if (bound > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("not a size of a value that can be compressed: " + plainBytes);
        }
        return (int) bound;
    }

    @Override
    public void compress(ByteBuffer plain, ByteBuffer target) {
        requireSameKind(plain, target);
        ZstdCompressCtx context = Contexts.COMPRESSORS.take();
        boolean reusable = false;
        int written;
        try {
            context.setLevel(level);
            written = plain.isDirect()
                    ? context.compressDirectByteBuffer(
                            target, target.position(), target.remaining(), plain, plain.position(), plain.remaining())
                    : context.compressByteArray(
                            target.array(),
                            indexOf(target),
                            target.remaining(),
                            plain.array(),
                            indexOf(plain),
                            plain.remaining());
            reusable = plain.remaining() <= LARGE_VALUE;
        } finally {
            Contexts.COMPRESSORS.giveBack(context, reusable);
        }
        plain.position(plain.limit());
        target.position(target.position() + written);
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
        requireSameKind(compressed, target);
        int expected = target.remaining();
        int actual;
        try {
            if (!isSingleFrame(compressed)) {
                throw malformed(compressed, expected, null);
            }
            actual = decompressInto(compressed, target);
        } catch (ZstdException e) {
            throw malformed(compressed, expected, e);
        }
        if (actual != expected) {
            throw new IOException(
                    "a Zstandard frame holds " + actual + " plain bytes where " + expected + " are declared");
        }
        compressed.position(compressed.limit());
        target.position(target.limit());
    }

    /** In one pass, straight into the target: no window is reserved, whatever the frame says about its size. */
    private static int decompressInto(ByteBuffer compressed, ByteBuffer target) {
        ZstdDecompressCtx context = Contexts.DECOMPRESSORS.take();
        boolean reusable = false;
        try {
            int size = compressed.isDirect()
                    ? context.decompressDirectByteBuffer(
                            target,
                            target.position(),
                            target.remaining(),
                            compressed,
                            compressed.position(),
                            compressed.remaining())
                    : context.decompressByteArray(
                            target.array(),
                            indexOf(target),
                            target.remaining(),
                            compressed.array(),
                            indexOf(compressed),
                            compressed.remaining());
            reusable = true;
            return size;
        } finally {
            Contexts.DECOMPRESSORS.giveBack(context, reusable);
        }
    }

    /** The library itself would also take several frames, skippable ones, formats before 1.0 and nothing at all. */
    private static boolean isSingleFrame(ByteBuffer compressed) {
        int start = compressed.position();
        int length = compressed.remaining();
        if (length < Integer.BYTES) {
            return false;
        }
        for (int i = 0; i < Integer.BYTES; i++) {
            if (compressed.get(start + i) != (byte) (MAGIC >>> (8 * i))) {
                return false;
            }
        }
        long frame = compressed.isDirect()
                ? Zstd.findDirectByteBufferFrameCompressedSize(compressed, start, length)
                : Zstd.findFrameCompressedSize(compressed.array(), indexOf(compressed), length);
        return frame == length;
    }

    private static IOException malformed(ByteBuffer compressed, int expected, @Nullable ZstdException cause) {
        return new IOException(
                "not a single Zstandard frame of " + expected + " plain bytes (" + compressed.remaining()
                        + " bytes stored)" + (cause == null ? "" : ": " + cause.getMessage()),
                cause);
    }

    private static int indexOf(ByteBuffer heap) {
        return heap.arrayOffset() + heap.position();
    }

    private static void requireSameKind(ByteBuffer source, ByteBuffer target) {
        boolean direct = source.isDirect() && target.isDirect();
        if (!direct && !(source.hasArray() && target.hasArray())) {
            throw new IllegalArgumentException("neither two writable heap buffers nor two direct ones");
        }
    }

    private static void loadNativeLibrary() {
        try {
            Zstd.maxCompressionLevel();
        } catch (LinkageError | IllegalCallerException e) {
            throw new IllegalStateException(
                    "the native library of zstd-jni cannot be loaded: it has to support this platform, is unpacked to"
                            + " java.io.tmpdir (or to -DZstdTempFolder), and on JDK 22 and newer may need"
                            + " --enable-native-access=com.github.luben.zstd_jni (on the class path ALL-UNNAMED)",
                    e);
        }
    }

    /** Shared by all codecs of a process: native memory is bounded by its processors, not by its logs. */
    private static final class Contexts {
        static final ContextPool<ZstdCompressCtx> COMPRESSORS =
                new ContextPool<>(ZstdCompressCtx::new, ZstdCompressCtx::close);
        static final ContextPool<ZstdDecompressCtx> DECOMPRESSORS =
                new ContextPool<>(ZstdDecompressCtx::new, ZstdDecompressCtx::close);
    }
}
