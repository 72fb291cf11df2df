package io.walnut.engine.jmh;

import io.walnut.spi.Codec;
import java.nio.ByteBuffer;

/** Only copies, so that what surrounds a codec can be seen. As it makes nothing smaller, values are stored as they are. */
final class CopyingCodec implements Codec {
    private static final int ID = 255;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedBytes(int plainBytes) {
        return plainBytes;
    }

    @Override
    public void compress(ByteBuffer plain, ByteBuffer target) {
        target.put(plain);
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer target) {
        target.put(compressed);
    }
}
