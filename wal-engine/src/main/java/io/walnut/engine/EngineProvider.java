package io.walnut.engine;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import io.walnut.engine.config.EngineKeys;
import io.walnut.engine.config.GroupKeys;
import io.walnut.engine.config.ResolvedConfig;
import io.walnut.engine.plugin.PluginKind;
import io.walnut.engine.plugin.Plugins;
import io.walnut.spi.BackendProvider;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.LogOpener;
import io.walnut.spi.Meter;
import io.walnut.spi.PluginContext;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Salvager;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import io.walnut.spi.config.ConfigSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The backend {@code engine}: composes the parts that a configuration names. */
public final class EngineProvider implements BackendProvider, Salvager {
    /** For the service loader. */
    public EngineProvider() {}

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public Wal open(WalConfig config) {
        Engine engine = assemble(config, ResolvedConfig.of(config));
        engine.checkNoGroup();
        return engine.open();
    }

    @Override
    public Wal openReadOnly(WalConfig config) {
        return assemble(config, ResolvedConfig.elsewhere(config)).openReadOnly(); // which maps nothing
    }

    @Override
    public WalGroup openGroup(WalConfig config) {
        return GroupAssembly.of(config).open();
    }

    @Override
    public void check(WalConfig config) {
        if (config.toMap().keySet().stream().anyMatch(key -> key.startsWith(GroupKeys.PREFIX))) {
            GroupAssembly.of(config);
        } else {
            assemble(config, ResolvedConfig.of(config)).closeStorage();
        }
    }

    @Override
    public List<Part> parts(WalConfig config) {
        List<Part> parts = new ArrayList<>();
        String version = PluginProvider.versionOf(EngineProvider.class);
        parts.add(new Part("backend", name(), "", version, Plugins.originOf(getClass()), EngineKeys.SPEC, ""));
        parts.add(new Part("group", name(), "", version, Plugins.originOf(getClass()), GroupKeys.SPEC, ""));
        Plugins plugins = Plugins.find(config.get(EngineKeys.PLUGIN_PATH.name()).orElse(""), problem -> {});
        for (PluginKind kind : PluginKind.values()) {
            for (Plugins.Found found : plugins.all(kind)) {
                parts.add(part(kind, found));
            }
        }
        return parts;
    }

    @Override
    public List<PluginProvider<?>> chosen(WalConfig config) {
        return ResolvedConfig.elsewhere(config).chosen();
    }

    private static Part part(PluginKind kind, Plugins.Found found) {
        String kindName = kind.name().toLowerCase(Locale.ROOT);
        String prefix = kind.prefix(found.name());
        try {
            PluginProvider<?> provider = found.get();
            return new Part(kindName, found.name(), prefix, provider.version(), found.origin(), provider.config(), "");
        } catch (RuntimeException e) {
            return new Part(
                    kindName,
                    found.name(),
                    prefix,
                    "",
                    found.origin(),
                    ConfigSpec.NONE,
                    String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Report salvage(WalConfig damaged, Wal target) {
        return assemble(damaged, ResolvedConfig.elsewhere(damaged)).salvage(target);
    }

    @Override
    public Report survey(WalConfig damaged) {
        return assemble(damaged, ResolvedConfig.elsewhere(damaged)).salvage(null);
    }

    @Override
    public LogOpener opener(WalConfig config) {
        return new EngineOpener(config);
    }

    private static Engine assemble(WalConfig config, ResolvedConfig resolved) {
        EngineOptions options = EngineOptions.of(resolved.settings(), config);
        PluginContext context = options.context();
        return new Engine(
                options.withArchiver(resolved.create(PluginKind.ARCHIVER, SegmentArchiver.class, context)),
                resolved.create(PluginKind.STORAGE, Storage.class, context),
                resolved.codecs(context),
                resolved.create(PluginKind.PREALLOCATOR, Preallocator.class, context),
                resolved.create(PluginKind.FSYNC, FsyncStrategy.class, context),
                resolved.create(PluginKind.METER, Meter.class, context));
    }
}
