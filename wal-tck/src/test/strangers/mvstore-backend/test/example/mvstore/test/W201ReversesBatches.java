package example.mvstore.test;

import example.mvstore.MvLog;
import example.mvstore.MvProvider;
import io.walnut.api.WalConfig;
import io.walnut.api.WalProvider;
import io.walnut.tck.wal.WalKit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class W201ReversesBatches extends WalKit {
    @Override
    protected WalProvider provider() {
        return new Broken();
    }

    /** For the child process too. */
    public static final class Broken extends MvProvider {
        @Override
        protected MvLog store(WalConfig config) {
            return new MvLog(Path.of(config.get("wal.dir").orElseThrow())) {
                @Override
                protected void append(List<byte[]> encoded) {
                    List<byte[]> reversed = new ArrayList<>(encoded);
                    Collections.reverse(reversed);
                    super.append(reversed);
                }
            };
        }
    }
}
