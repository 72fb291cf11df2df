package example.rle;

import io.walnut.spi.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Each run of equal bytes is a count of 1 to 255 and the byte. */
public class RunLengthCodec implements Codec {
    static final int ID = 200;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedBytes(int plainBytes) {
        return 2 * plainBytes;
    }

    @Override
    public void compress(ByteBuffer plain, ByteBuffer target) {
        while (plain.hasRemaining()) {
            byte value = plain.get();
            int count = 1;
            while (count < 255 && plain.hasRemaining() && plain.get(plain.position()) == value) {
                plain.get();
                count++;
            }
            target.put((byte) count).put(value);
        }
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
        while (compressed.hasRemaining()) {
            int count = compressed.get() & 0xFF;
            if (count == 0 || !compressed.hasRemaining() || count > target.remaining()) {
                throw new IOException("not the run lengths of so many bytes");
            }
            byte value = compressed.get();
            for (; count > 0; count--) {
                target.put(value);
            }
        }
        if (target.hasRemaining()) {
            throw new IOException(target.remaining() + " bytes are missing");
        }
    }
}
