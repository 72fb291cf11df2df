package io.walnut.engine.fsync;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.time.Duration;

/** The strategy {@code batch}: what was appended is forced within a window, by a timer. */
@Named("batch")
public final class BatchProvider implements FsyncStrategyProvider {
    private static final ConfigKey<Duration> WINDOW = ConfigKey.inRange(
            ConfigKey.of(
                            "window",
                            ConfigType.DURATION,
                            "The longest time that appended bytes stay unforced: what a power loss can take.")
                    .withDefault(Duration.ofMillis(5)),
            Duration.ofNanos(1000),
            Duration.ofSeconds(1));

    /** For the service loader. */
    public BatchProvider() {}

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public ConfigSpec config() {
        return ConfigSpec.of(WINDOW);
    }

    @Override
    public FsyncStrategy create(Settings settings, PluginContext context) {
        long window = settings.get(WINDOW).toNanos();
        return (pendingBytes, appendBytes) -> window;
    }
}
