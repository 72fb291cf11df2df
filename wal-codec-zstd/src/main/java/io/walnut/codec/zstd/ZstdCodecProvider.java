package io.walnut.codec.zstd;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** Makes {@link ZstdCodec}s: {@code wal.codec=zstd}. */
@Named("zstd")
public final class ZstdCodecProvider implements CodecProvider {
    static final ConfigKey<Integer> LEVEL = ConfigKey.inRange(
            ConfigKey.of(
                            "level",
                            ConfigType.INT,
                            "How hard to compress: 1 is fast, 22 the smallest; below 1 ever faster and ever larger. Any"
                                    + " level is read as fast as another.")
                    .withDefault(3),
            ZstdCodec.MIN_LEVEL,
            ZstdCodec.MAX_LEVEL);

    private static final ConfigSpec CONFIG = ConfigSpec.of(LEVEL);

    /** For {@link java.util.ServiceLoader}. */
    public ZstdCodecProvider() {}

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public int id() {
        return ZstdCodec.ID;
    }

    @Override
    public ConfigSpec config() {
        return CONFIG;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the native library cannot be loaded here; it says what to do
     */
    @Override
    public Codec create(Settings settings, PluginContext context) {
        return new ZstdCodec(settings.get(LEVEL));
    }
}
