package io.walnut.engine;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.engine.config.EngineKeys;
import io.walnut.engine.fsync.BatchProvider;
import io.walnut.engine.log.Workers;
import io.walnut.engine.meter.NoneMeterProvider;
import io.walnut.engine.preallocate.ZeroPreallocatorProvider;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.Codec;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.Preallocator;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Assembles an engine from objects, without a container and without looking for plugins. Not thread-safe. */
public final class EngineBuilder {
    private static final List<String> OF_PARTS = Stream.of(
                    EngineKeys.BACKEND,
                    EngineKeys.PLUGIN_PATH,
                    EngineKeys.CODEC,
                    EngineKeys.FSYNC,
                    EngineKeys.PREALLOCATOR,
                    EngineKeys.METER,
                    EngineKeys.STORAGE,
                    EngineKeys.ARCHIVER)
            .map(ConfigKey::name)
            .toList();

    private final Path directory;
    private WalConfig.Builder config;
    private Clock clock = Clock.systemUTC();
    private Workers workers = Workers.shared();
    private @Nullable Storage storage;
    private final List<Codecs.Available> codecs = new ArrayList<>();
    private String mainCodec = Codecs.NONE;
    private @Nullable Preallocator preallocator;
    private @Nullable FsyncStrategy fsync;
    private @Nullable Meter meter;
    private SegmentArchiver archiver = SegmentArchiver.NONE;

    EngineBuilder(Path directory) {
        this.directory = directory;
        this.config = WalConfig.builder(directory);
    }

    /**
     * Says a key of the engine's own, like {@code wal.segment.bytes}.
     *
     * @param key a key that neither chooses nor configures a part: those are given as objects
     * @param value its value
     * @return this
     */
    public EngineBuilder set(String key, String value) {
        config = config.set(key, value);
        return this;
    }

    /**
     * Where the bytes are; by default the files of the directory.
     *
     * @param part closed with the log
     * @return this
     */
    public EngineBuilder storage(Storage part) {
        storage = Objects.requireNonNull(part);
        return this;
    }

    /**
     * Compresses values; by default they are not compressed.
     *
     * @param name its name, for single records
     * @param part the codec
     * @return this
     */
    public EngineBuilder codec(String name, Codec part) {
        mainCodec = name;
        return alsoCodec(name, part);
    }

    /**
     * A codec for single records, and for reading.
     *
     * @param name its name
     * @param part the codec
     * @return this
     */
    public EngineBuilder alsoCodec(String name, Codec part) {
        codecs.add(new Codecs.Available(name, part.id(), () -> part));
        return this;
    }

    /**
     * How space is reserved; by default by writing zeros.
     *
     * @param part the preallocator
     * @return this
     */
    public EngineBuilder preallocator(Preallocator part) {
        preallocator = Objects.requireNonNull(part);
        return this;
    }

    /**
     * When to force; by default in windows of 5 ms.
     *
     * @param part the strategy
     * @return this
     */
    public EngineBuilder fsync(FsyncStrategy part) {
        fsync = Objects.requireNonNull(part);
        return this;
    }

    /**
     * Who is told; by default nobody.
     *
     * @param part the meter
     * @return this
     */
    public EngineBuilder meter(Meter part) {
        meter = Objects.requireNonNull(part);
        return this;
    }

    /**
     * Who keeps copies of sealed segments; by default nobody.
     *
     * @param part the archiver
     * @return this
     */
    public EngineBuilder archiver(SegmentArchiver part) {
        archiver = Objects.requireNonNull(part);
        return this;
    }

    /**
     * The wall clock; by default the system's.
     *
     * @param part the clock
     * @return this
     */
    public EngineBuilder clock(Clock part) {
        clock = Objects.requireNonNull(part);
        return this;
    }

    /**
     * Where futures are completed; by default on a thread of the log's.
     *
     * @param part not shut down by the log
     * @return this
     */
    public EngineBuilder executor(Executor part) {
        config.executor(part);
        return this;
    }

    EngineBuilder workers(Workers part) {
        workers = part;
        return this;
    }

    /**
     * The engine.
     *
     * @return an engine that opens this log
     * @throws WalConfigException if what was {@link #set} is wrong
     */
    public Engine build() {
        WalConfig built = config.build();
        List<String> ofParts = built.toMap().keySet().stream()
                .filter(key -> OF_PARTS.stream().anyMatch(part -> key.equals(part) || key.startsWith(part + ".")))
                .map(key -> key + ": belongs to a part, and a builder is given the part itself")
                .toList();
        if (!ofParts.isEmpty()) {
            throw new WalConfigException(ofParts);
        }
        EngineOptions options =
                EngineOptions.of(built).withClock(clock).withWorkers(workers).withArchiver(archiver);
        return new Engine(
                options,
                storage != null ? storage : new FileStorage(directory),
                Codecs.of(mainCodec, codecs),
                preallocator != null ? preallocator : standard(new ZeroPreallocatorProvider(), options),
                fsync != null ? fsync : standard(new BatchProvider(), options),
                meter != null ? meter : standard(new NoneMeterProvider(), options));
    }

    /**
     * Recovers and opens the log.
     *
     * @return the open log
     * @throws io.walnut.api.WalException as {@link io.walnut.api.WalProvider#open}
     */
    public Wal open() {
        return build().open();
    }

    private static <C> C standard(PluginProvider<C> provider, EngineOptions options) {
        return provider.create(Settings.defaultsOf(provider.config()), options.context());
    }
}
