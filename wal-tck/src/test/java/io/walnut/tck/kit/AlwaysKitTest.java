package io.walnut.tck.kit;

import io.walnut.engine.fsync.AlwaysProvider;
import io.walnut.spi.FsyncStrategyProvider;

class AlwaysKitTest extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new AlwaysProvider();
    }
}
