package example.mvstore.test;

import example.mvstore.MvProvider;
import io.walnut.api.WalProvider;
import io.walnut.tck.wal.WalKit;

class MvStoreTest extends WalKit {
    @Override
    protected WalProvider provider() {
        return new MvProvider();
    }
}
