package io.walnut.codec.lz4;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** Makes {@link Lz4Codec}s: {@code wal.codec=lz4}. */
@Named("lz4")
public final class Lz4CodecProvider implements CodecProvider {
    static final ConfigKey<Integer> LEVEL = ConfigKey.inRange(
            ConfigKey.of(
                            "level",
                            ConfigType.INT,
                            "How hard to compress: 0 is fast; 1 to 17 are LZ4's high compression, ever slower to write"
                                    + " and as fast to read.")
                    .withDefault(Lz4Codec.FAST),
            Lz4Codec.FAST,
            Lz4Codec.MAX_LEVEL);

    private static final ConfigSpec CONFIG = ConfigSpec.of(LEVEL);

    /** For {@link java.util.ServiceLoader}. */
    public Lz4CodecProvider() {}

    @Override
    public String name() {
        return "lz4";
    }

    @Override
    public int id() {
        return Lz4Codec.ID;
    }

    @Override
    public ConfigSpec config() {
        return CONFIG;
    }

    @Override
    public Codec create(Settings settings, PluginContext context) {
        return new Lz4Codec(settings.get(LEVEL));
    }
}
