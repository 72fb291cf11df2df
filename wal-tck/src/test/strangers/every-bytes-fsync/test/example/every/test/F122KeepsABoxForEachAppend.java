package example.every.test;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import io.walnut.tck.kit.FsyncStrategyKit;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;

class F122KeepsABoxForEachAppend extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new Broken();
    }

    @Named("every-bytes")
    static final class Broken implements FsyncStrategyProvider {
        @Override
        public String name() {
            return "every-bytes";
        }

        @Override
        public FsyncStrategy create(Settings settings, PluginContext context) {
            Map<Long, Long> kept = new HashMap<>();
            return (pending, append) -> {
                synchronized (kept) {
                    kept.put(pending, append);
                }
                return FsyncStrategy.NOW;
            };
        }
    }
}
