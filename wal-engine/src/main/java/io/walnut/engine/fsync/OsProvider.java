package io.walnut.engine.fsync;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The strategy {@code os}: the kernel writes back when it likes. */
@Named("os")
public final class OsProvider implements FsyncStrategyProvider {
    /** For the service loader. */
    public OsProvider() {}

    @Override
    public String name() {
        return "os";
    }

    @Override
    public FsyncStrategy create(Settings settings, PluginContext context) {
        return new FsyncStrategy() {
            @Override
            public long forceWithinNanos(long pendingBytes, long appendBytes) {
                return NOT_BY_ITSELF;
            }

            @Override
            public boolean forcesByItself() {
                return false;
            }
        };
    }
}
