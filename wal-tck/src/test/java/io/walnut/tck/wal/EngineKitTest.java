package io.walnut.tck.wal;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalProvider;
import io.walnut.engine.Engine;
import io.walnut.engine.EngineProvider;
import io.walnut.spi.Storage;
import java.nio.file.Path;
import java.util.Optional;

/** The engine as it is without being told anything. */
class EngineKitTest extends WalKit {
    @Override
    protected WalProvider provider() {
        return new EngineProvider();
    }

    @Override
    protected Optional<Wal> openOn(Storage disk, WalConfig config) {
        return Optional.of(Engine.builder(Path.of(config.get("wal.dir").orElseThrow()))
                .storage(disk)
                .open());
    }
}
