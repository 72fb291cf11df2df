package io.walnut.engine.fsync;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The strategy {@code always}: every append waits until it is on the device. */
@Named("always")
public final class AlwaysProvider implements FsyncStrategyProvider {
    /** For the service loader. */
    public AlwaysProvider() {}

    @Override
    public String name() {
        return "always";
    }

    @Override
    public FsyncStrategy create(Settings settings, PluginContext context) {
        return new Always();
    }

    private static final class Always implements FsyncStrategy {
        @Override
        public long forceWithinNanos(long pendingBytes, long appendBytes) {
            return NOW;
        }

        @Override
        public boolean forcesEachAppend() {
            return true;
        }
    }
}
