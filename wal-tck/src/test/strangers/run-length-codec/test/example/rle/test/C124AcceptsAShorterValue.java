package example.rle.test;

import example.rle.RunLengthCodec;
import io.walnut.spi.CodecProvider;
import io.walnut.tck.kit.CodecKit;
import java.io.IOException;
import java.nio.ByteBuffer;

class C124AcceptsAShorterValue extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new Broken(() -> new RunLengthCodec() {
            @Override
            public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                while (compressed.hasRemaining()) {
                    int count = compressed.get() & 0xFF;
                    if (!compressed.hasRemaining() || count > target.remaining()) {
                        throw new IOException("malformed");
                    }
                    byte value = compressed.get();
                    for (; count > 0; count--) {
                        target.put(value);
                    }
                }
                target.position(target.limit());
            }
        });
    }
}
