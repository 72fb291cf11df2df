package example.every.test;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.tck.kit.FsyncStrategyKit;
import java.util.HashMap;
import java.util.Map;

class F122KeepsABoxForEachAppend extends FsyncStrategyKit {
    @Override
    protected FsyncStrategyProvider provider() {
        return new Broken(() -> {
            Map<Long, Long> kept = new HashMap<>();
            return (pending, append) -> {
                synchronized (kept) {
                    kept.put(pending, append);
                }
                return FsyncStrategy.NOW;
            };
        });
    }
}
