package io.walnut.tck.kit;

import io.walnut.engine.fsync.BatchProvider;
import io.walnut.spi.FsyncStrategyProvider;

class BatchKitTest extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new BatchProvider();
    }
}
