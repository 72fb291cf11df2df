package io.walnut.engine.plugin;

import io.walnut.engine.config.EngineKeys;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.SegmentArchiverProvider;
import io.walnut.spi.StorageProvider;
import io.walnut.spi.config.ConfigKey;
import java.util.Map;

/** The kinds of parts that are found by name, each with the key that chooses one. */
@SuppressWarnings("ImmutableEnumChecker") // keys and maps of constants are immutable, but not annotated so
public enum PluginKind {
    /** {@code wal.storage}. */
    STORAGE(EngineKeys.STORAGE, StorageProvider.class, Map.of()),
    /** {@code wal.fsync}. */
    FSYNC(EngineKeys.FSYNC, FsyncStrategyProvider.class, Map.of()),
    /** {@code wal.preallocator}. */
    PREALLOCATOR(EngineKeys.PREALLOCATOR, PreallocatorProvider.class, Map.of()),
    /** {@code wal.codec}. */
    CODEC(EngineKeys.CODEC, CodecProvider.class, Map.of("lz4", "wal-codec-lz4", "zstd", "wal-codec-zstd")),
    /** {@code wal.meter}. */
    METER(EngineKeys.METER, MeterProvider.class, Map.of("otel", "wal-otel")),
    /** {@code wal.archiver}. */
    ARCHIVER(EngineKeys.ARCHIVER, SegmentArchiverProvider.class, Map.of());

    private final ConfigKey<String> key;
    private final Class<? extends PluginProvider<?>> type;
    private final Map<String, String> artifacts;

    PluginKind(ConfigKey<String> key, Class<? extends PluginProvider<?>> type, Map<String, String> artifacts) {
        this.key = key;
        this.type = type;
        this.artifacts = artifacts;
    }

    /** {@return the key that chooses one by its name} */
    public ConfigKey<String> key() {
        return key;
    }

    /** {@return the type of its providers} */
    public Class<? extends PluginProvider<?>> type() {
        return type;
    }

    /** {@return what stands before the keys of a plugin of this kind} */
    public String prefix(String name) {
        return key.name() + "." + name + ".";
    }

    /** {@return whether Walnut has a plugin of this name in an artifact of its own} */
    public boolean isShipped(String name) {
        return artifacts.containsKey(name);
    }

    /** {@return what to add for a name that is not there} */
    public String advice(String name) {
        String artifact = artifacts.get(name);
        return artifact == null
                ? "add the plugin that brings it to the class path, the module path or wal.plugin.path"
                : "add io.walnut:" + artifact;
    }
}
