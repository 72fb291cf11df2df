package example.every.test;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import io.walnut.tck.kit.FsyncStrategyKit;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;

class F111AnswersWithTheBytesThatAreLeft extends FsyncStrategyKit {
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
            return (pending, append) -> (1 << 20) - pending;
        }
    }
}
