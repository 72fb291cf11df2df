package io.walnut.engine.preallocate;

import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The preallocator {@code zero}. */
@Named("zero")
public final class ZeroPreallocatorProvider implements PreallocatorProvider {
    private static final ConfigKey<Long> CHUNK = ConfigKey.inRange(
            ConfigKey.of(
                            "chunk",
                            ConfigType.SIZE,
                            "The size of the writes that fill space with zeros: small ones make each force cheaper, large"
                                    + " ones make each store cheaper.")
                    .withDefault(128L << 10),
            4096L,
            8L << 20);

    /** For the service loader. */
    public ZeroPreallocatorProvider() {}

    @Override
    public String name() {
        return "zero";
    }

    @Override
    public ConfigSpec config() {
        return ConfigSpec.of(CHUNK);
    }

    @Override
    public Preallocator create(Settings settings, PluginContext context) {
        return new ZeroPreallocator(Math.toIntExact(settings.get(CHUNK)));
    }
}
