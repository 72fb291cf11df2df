package io.walnut.engine;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalProvider;
import io.walnut.engine.config.ResolvedConfig;
import io.walnut.engine.plugin.PluginKind;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;

/** The backend {@code engine}: composes the parts that a configuration names. */
public final class EngineProvider implements WalProvider {
    /** For the service loader. */
    public EngineProvider() {}

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public Wal open(WalConfig config) {
        return assemble(config).open();
    }

    @Override
    public Wal openReadOnly(WalConfig config) {
        return assemble(config).openReadOnly();
    }

    private static Engine assemble(WalConfig config) {
        ResolvedConfig resolved = ResolvedConfig.of(config);
        EngineOptions options = EngineOptions.of(resolved.settings(), config);
        PluginContext context = options.context();
        return new Engine(
                options,
                resolved.create(PluginKind.STORAGE, Storage.class, context),
                resolved.codecs(context),
                resolved.create(PluginKind.PREALLOCATOR, Preallocator.class, context),
                resolved.create(PluginKind.FSYNC, FsyncStrategy.class, context),
                resolved.create(PluginKind.METER, Meter.class, context));
    }
}
