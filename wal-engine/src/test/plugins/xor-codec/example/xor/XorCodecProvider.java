package example.xor;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Packs two bytes below 16 into one, and mixes a number into each: enough of a codec to be one. */
@Named("xor")
public final class XorCodecProvider implements CodecProvider {
    private static final ConfigKey<Integer> MASK = ConfigKey.inRange(
            ConfigKey.of("mask", ConfigType.INT, "Mixed into each byte.").withDefault(90), 0, 255);

    @Override
    public String name() {
        return "xor";
    }

    @Override
    public int id() {
        return 200;
    }

    @Override
    public ConfigSpec config() {
        return ConfigSpec.of(MASK);
    }

    @Override
    public Codec create(Settings settings, PluginContext context) {
        int mask = settings.get(MASK);
        return new Codec() {
            @Override
            public int id() {
                return 200;
            }

            @Override
            public int maxCompressedBytes(int plainBytes) {
                return plainBytes + 1;
            }

            @Override
            public void compress(ByteBuffer plain, ByteBuffer target) {
                boolean small = plain.remaining() % 2 == 0;
                for (int i = plain.position(); i < plain.limit(); i++) {
                    small &= plain.get(i) >= 0 && plain.get(i) < 16;
                }
                target.put((byte) (small ? 1 : 0));
                while (plain.hasRemaining()) {
                    int value = small ? plain.get() << 4 | plain.get() : plain.get();
                    target.put((byte) (value ^ mask));
                }
            }

            @Override
            public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                if (!compressed.hasRemaining()) {
                    throw new IOException("there is nothing");
                }
                boolean small = compressed.get() == 1;
                if (target.remaining() != compressed.remaining() * (small ? 2 : 1)) {
                    throw new IOException("it has another size");
                }
                while (compressed.hasRemaining()) {
                    int value = (compressed.get() ^ mask) & 0xFF;
                    if (small) {
                        target.put((byte) (value >> 4));
                        target.put((byte) (value & 15));
                    } else {
                        target.put((byte) value);
                    }
                }
            }
        };
    }
}
