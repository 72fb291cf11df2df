package example.rle.test;

import example.rle.RunLengthCodec;
import io.walnut.spi.CodecProvider;
import io.walnut.tck.kit.CodecKit;

class C113AsksForTooLittleRoom extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new Broken(() -> new RunLengthCodec() {
            @Override
            public int maxCompressedBytes(int plainBytes) {
                return plainBytes + 16;
            }
        });
    }
}
