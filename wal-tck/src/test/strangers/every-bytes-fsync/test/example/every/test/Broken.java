package example.every.test;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.util.function.Supplier;

/** The provider, but of other strategies. */
@Named("every-bytes")
record Broken(Supplier<FsyncStrategy> strategies) implements FsyncStrategyProvider {
    @Override
    public String name() {
        return "every-bytes";
    }

    @Override
    public FsyncStrategy create(Settings settings, PluginContext context) {
        return strategies.get();
    }
}
