package io.walnut.engine;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.engine.config.DirectoryForce;
import io.walnut.engine.config.EngineKeys;
import io.walnut.engine.config.FileMode;
import io.walnut.engine.config.Required;
import io.walnut.engine.config.ResolvedConfig;
import io.walnut.engine.log.AppendBuffers;
import io.walnut.engine.log.Workers;
import io.walnut.engine.storage.FileOptions;
import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Everything that configures an engine beside its parts. Immutable. */
public final class EngineOptions {
    private final Settings settings;
    private final PluginContext context;
    private final @Nullable Executor executor;
    private final Workers workers;
    private final AppendBuffers buffers;
    private final SegmentArchiver archiver;

    private EngineOptions(
            Settings settings,
            PluginContext context,
            @Nullable Executor executor,
            Workers workers,
            AppendBuffers buffers,
            SegmentArchiver archiver) {
        this.settings = settings;
        this.context = context;
        this.executor = executor;
        this.workers = workers;
        this.buffers = buffers;
        this.archiver = archiver;
    }

    /**
     * The engine's own keys of a configuration. Keys that choose or configure parts are not looked at: with this, the
     * parts are given as objects.
     *
     * @param config a configuration
     * @return the options
     * @throws WalConfigException with everything that is wrong
     */
    public static EngineOptions of(WalConfig config) {
        Map<String, String> given = new TreeMap<>(config.toMap());
        List<String> problems = new ArrayList<>();
        Settings settings = EngineKeys.SPEC.resolve("", given, problems::add);
        if (!problems.isEmpty()) {
            throw new WalConfigException(problems);
        }
        return of(settings, config);
    }

    static EngineOptions of(Settings settings, WalConfig config) {
        return new EngineOptions(
                settings,
                ResolvedConfig.contextOf(settings, Clock.systemUTC()),
                config.executor().orElse(null),
                Workers.shared(),
                new AppendBuffers(),
                SegmentArchiver.NONE);
    }

    /**
     * The same options with another wall clock.
     *
     * @param other stamps records, segments and events
     * @return a changed copy
     */
    public EngineOptions withClock(Clock other) {
        return with(new PluginContext(context.directory(), context.logName(), context.nodeId(), other));
    }

    /** The same options for a log elsewhere. */
    EngineOptions withLog(Path directory, String name) {
        return with(new PluginContext(directory, name, context.nodeId(), context.clock()));
    }

    private EngineOptions with(PluginContext other) {
        return new EngineOptions(settings, other, executor, workers, buffers, archiver);
    }

    /**
     * The same options with somebody who keeps copies of sealed segments.
     *
     * @param other the archiver
     * @return a changed copy
     */
    public EngineOptions withArchiver(SegmentArchiver other) {
        return new EngineOptions(settings, context, executor, workers, buffers, other);
    }

    /** The same options with other threads for the background. */
    EngineOptions withWorkers(Workers other) {
        return new EngineOptions(settings, context, executor, other, buffers, archiver);
    }

    /** The same options with buffers that may be those of other logs too. */
    EngineOptions withBuffers(AppendBuffers others) {
        return new EngineOptions(settings, context, executor, workers, others, archiver);
    }

    /** {@return how the storage {@code file} treats the directory} */
    FileOptions files() {
        return new FileOptions(
                FileMode.parse(settings.get(EngineKeys.DIR_MODE)),
                FileMode.parse(settings.get(EngineKeys.FILE_MODE)),
                settings.get(EngineKeys.DIR_REQUIRE) == Required.NOTHING,
                settings.get(EngineKeys.DIR_FORCE) == DirectoryForce.REQUIRED);
    }

    Settings settings() {
        return settings;
    }

    String name() {
        return context.logName();
    }

    Clock clock() {
        return context.clock();
    }

    Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    SegmentArchiver archiver() {
        return archiver;
    }

    Workers workers() {
        return workers;
    }

    AppendBuffers buffers() {
        return buffers;
    }

    /** {@return what parts may know of the log} */
    public PluginContext context() {
        return context;
    }
}
