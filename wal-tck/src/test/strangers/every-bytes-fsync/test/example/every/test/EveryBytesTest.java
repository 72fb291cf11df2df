package example.every.test;

import example.every.EveryBytesProvider;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.tck.kit.FsyncStrategyKit;

class EveryBytesTest extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new EveryBytesProvider();
    }
}
