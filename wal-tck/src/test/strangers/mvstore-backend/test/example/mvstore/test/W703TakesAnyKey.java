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

class W703TakesAnyKey extends WalKit {
    @Override
    protected WalProvider provider() {
        return new Broken();
    }

    /** For the child process too. */
    public static final class Broken extends MvProvider {
        @Override
        protected void check(WalConfig config) {}
    }
}
