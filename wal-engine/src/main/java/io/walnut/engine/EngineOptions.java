package io.walnut.engine;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.engine.config.EngineKeys;
import io.walnut.engine.config.ResolvedConfig;
import io.walnut.engine.log.Workers;
import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.config.Settings;
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
    private final Clock clock;
    private final @Nullable Executor executor;
    private final Workers workers;
    private final SegmentArchiver archiver;

    private EngineOptions(
            Settings settings, Clock clock, @Nullable Executor executor, Workers workers, SegmentArchiver archiver) {
        this.settings = settings;
        this.clock = clock;
        this.executor = executor;
        this.workers = workers;
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
                settings, Clock.systemUTC(), config.executor().orElse(null), Workers.shared(), SegmentArchiver.NONE);
    }

    /**
     * The same options with another wall clock.
     *
     * @param other stamps records, segments and events
     * @return a changed copy
     */
    public EngineOptions withClock(Clock other) {
        return new EngineOptions(settings, other, executor, workers, archiver);
    }

    /**
     * The same options with somebody who keeps copies of sealed segments.
     *
     * @param other the archiver
     * @return a changed copy
     */
    public EngineOptions withArchiver(SegmentArchiver other) {
        return new EngineOptions(settings, clock, executor, workers, other);
    }

    /** The same options with other threads for the background. */
    EngineOptions withWorkers(Workers other) {
        return new EngineOptions(settings, clock, executor, other, archiver);
    }

    Settings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
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

    /** {@return what parts may know of the log} */
    public PluginContext context() {
        return ResolvedConfig.contextOf(settings, clock);
    }
}
