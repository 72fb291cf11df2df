package example.every.test;

import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.tck.kit.FsyncStrategyKit;

class F111AnswersWithTheBytesThatAreLeft extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new Broken(() -> (pending, append) -> (1 << 20) - pending);
    }
}
