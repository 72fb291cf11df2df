package io.walnut.tck.kit;

import io.walnut.engine.fsync.OsProvider;
import io.walnut.spi.FsyncStrategyProvider;

class OsKitTest extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new OsProvider();
    }
}
