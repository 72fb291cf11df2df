package io.walnut.tck.kit;

import io.walnut.spi.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** An honest codec of the kind that users write: raw deflate by the JDK. */
class DeflateCodec implements Codec {
    static final int ID = 128;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedBytes(int plainBytes) {
        return plainBytes + (plainBytes >>> 8) + 64;
    }

    @Override
    public void compress(ByteBuffer plain, ByteBuffer target) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            while (!deflater.finished()) {
                deflater.deflate(target);
                if (!target.hasRemaining() && !deflater.finished()) {
                    throw new IllegalArgumentException("no room");
                }
            }
        } finally {
            deflater.end();
        }
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(compressed);
            while (inflater.inflate(target) > 0) {
                // until the target is full or nothing comes any more
            }
            boolean more = !inflater.finished() && inflater.inflate(ByteBuffer.allocate(1)) > 0;
            if (more || !inflater.finished() || target.hasRemaining() || compressed.hasRemaining()) {
                throw new IOException("not deflated from exactly as many bytes");
            }
        } catch (DataFormatException e) {
            throw new IOException("not deflated", e);
        } finally {
            inflater.end();
        }
    }
}
