package example.rle.test;

import example.rle.RunLengthCodec;
import example.rle.RunLengthProvider;
import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import io.walnut.tck.kit.CodecKit;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.ByteBuffer;

class C113AsksForTooLittleRoom extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new Broken();
    }

    @Named("run-length")
    static final class Broken implements CodecProvider {
        @Override
        public String name() {
            return "run-length";
        }

        @Override
        public int id() {
            return new RunLengthProvider().id();
        }

        @Override
        public Codec create(Settings settings, PluginContext context) {
            return new RunLengthCodec() {
                @Override
                public int maxCompressedBytes(int plainBytes) {
                    return plainBytes + 16;
                }
            };
        }
    }
}
