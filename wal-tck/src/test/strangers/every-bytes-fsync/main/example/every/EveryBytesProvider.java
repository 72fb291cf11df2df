package example.every;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** {@code wal.fsync=every-bytes}: a force whenever so many bytes are pending. */
@Named("every-bytes")
public final class EveryBytesProvider implements FsyncStrategyProvider {
    private static final ConfigKey<Long> BYTES = ConfigKey.inRange(
            ConfigKey.of("bytes", ConfigType.SIZE, "How many bytes may be pending.").withDefault(1L << 20),
            1L,
            1L << 40);

    @Override
    public String name() {
        return "every-bytes";
    }

    @Override
    public ConfigSpec config() {
        return ConfigSpec.of(BYTES);
    }

    @Override
    public FsyncStrategy create(Settings settings, PluginContext context) {
        long bytes = settings.get(BYTES);
        return (pending, append) -> pending >= bytes ? FsyncStrategy.NOW : FsyncStrategy.NOT_BY_ITSELF;
    }
}
