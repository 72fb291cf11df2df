package io.walnut.tck.crash.toy;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider;
import io.walnut.spi.LogOpener;
import io.walnut.spi.PluginProvider;
import java.util.List;

/** The backend {@code flawed}: a log whose recovery forces nothing. */
public final class FlawedBackend implements BackendProvider {
    @Override
    public String name() {
        return "flawed";
    }

    @Override
    public Wal open(WalConfig config) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Wal openReadOnly(WalConfig config) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void check(WalConfig config) {}

    @Override
    public List<Part> parts(WalConfig config) {
        return List.of();
    }

    @Override
    public LogOpener opener(WalConfig config) {
        return (disk, clock, background) -> ToyLog.open(disk, Flaw.RECOVERS_WITHOUT_FORCE, false);
    }

    @Override
    public List<PluginProvider<?>> chosen(WalConfig config) {
        return List.of();
    }
}
