package io.walnut.engine;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalGroup;
import io.walnut.engine.config.EngineKeys;
import io.walnut.engine.config.GroupKeys;
import io.walnut.engine.config.Required;
import io.walnut.engine.config.ResolvedConfig;
import io.walnut.engine.group.GroupWorkers;
import io.walnut.engine.group.LogGroup;
import io.walnut.engine.group.LogName;
import io.walnut.engine.group.Logs;
import io.walnut.engine.log.AppendBuffers;
import io.walnut.engine.log.EngineWal;
import io.walnut.engine.log.Workers;
import io.walnut.engine.plugin.PluginKind;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A group that is assembled but for its disk: every configuration that a log of it can have is checked here, once, so that
 * opening a log looks for no plugin. Codecs are shared by the logs with the same configuration; other parts are each log's
 * own.
 */
final class GroupAssembly {
    private static final String NO_ARCHIVER = "none";
    private static final Set<String> NOT_FOR_ONE_LOG = Set.of(
            "wal.dir",
            "wal.dir.require",
            "wal.dir.mode",
            "wal.file.mode",
            "wal.dir.force",
            "wal.name",
            "wal.backend",
            "wal.storage",
            "wal.plugin.path");
    private static final String RESERVED_IN_A_GROUP = Long.toString(64 << 10);

    private final WalConfig config;
    private final Function<WalConfig, ResolvedConfig> check;
    private final Settings group;
    private final Template common;
    private final Map<String, Template> special = new HashMap<>();
    private final AppendBuffers buffers = new AppendBuffers();

    private GroupAssembly(WalConfig config, Function<WalConfig, ResolvedConfig> check) {
        this.config = config;
        this.check = check;
        List<String> problems = new ArrayList<>();
        Map<String, String> ofLogs = new TreeMap<>();
        Map<String, String> ofGroup = new TreeMap<>();
        Map<String, Map<String, String>> ofOne = new TreeMap<>();
        config.toMap().forEach((key, value) -> {
            if (key.startsWith(GroupKeys.LOG_PREFIX)) {
                special(key, value, ofOne, problems);
            } else if (key.startsWith(GroupKeys.PREFIX)) {
                ofGroup.put(key, value);
            } else {
                ofLogs.put(key, value);
            }
        });
        group = GroupKeys.SPEC.resolve("", ofGroup, problems::add);
        Set<String> unknown = new TreeSet<>(ofGroup.keySet());
        GroupKeys.SPEC.keys().forEach(key -> unknown.remove(key.name()));
        unknown.forEach(key -> problems.add(key + ": there is no such key"));
        ofLogs.putIfAbsent(EngineKeys.RESERVE_BYTES.name(), RESERVED_IN_A_GROUP);
        if (!ofLogs.getOrDefault(EngineKeys.ARCHIVER.name(), NO_ARCHIVER).equals(NO_ARCHIVER)) {
            problems.add(EngineKeys.ARCHIVER.name() + ": in a group it is said for one log, as " + GroupKeys.LOG_PREFIX
                    + "<name of a log>.archiver, because each needs a place of its own");
        }
        Template forAll = template(ofLogs, "", problems);
        if (forAll != null && forAll.resolved.get(EngineKeys.DIR_REQUIRE) == Required.LOG) {
            problems.add(EngineKeys.DIR_REQUIRE.name() + ": 'log' is for one log; a group can require its 'directory'");
        }
        ofOne.forEach((name, own) -> {
            Map<String, String> all = new TreeMap<>(ofLogs);
            String topic = LogName.topicOf(name);
            all.putAll(ofOne.getOrDefault(topic, Map.of()));
            all.putAll(own);
            Template template = template(all, "for the log '" + name + "': ", problems);
            if (template != null) {
                special.put(name, template);
            }
        });
        if (!problems.isEmpty() || forAll == null) {
            throw new WalConfigException(problems);
        }
        common = forAll;
    }

    static GroupAssembly of(WalConfig config) {
        return new GroupAssembly(config, ResolvedConfig::of);
    }

    /** Of a group that is opened on another storage than the one it names. */
    static GroupAssembly elsewhere(WalConfig config) {
        return new GroupAssembly(config, ResolvedConfig::elsewhere);
    }

    private static void special(
            String key, String value, Map<String, Map<String, String>> ofOne, List<String> problems) {
        String rest = key.substring(GroupKeys.LOG_PREFIX.length());
        int dot = rest.indexOf('.');
        String name = dot < 0 ? rest : rest.substring(0, dot);
        String own = "wal." + rest.substring(dot + 1);
        if (dot < 0 || !LogName.isValid(name)) {
            problems.add(key + ": has to be " + GroupKeys.LOG_PREFIX + "<name of a log>.<key without wal.>");
        } else if (NOT_FOR_ONE_LOG.contains(own) || own.startsWith(GroupKeys.PREFIX)) {
            problems.add(key + ": " + own + " cannot be said for one log of a group");
        } else {
            ofOne.computeIfAbsent(name, each -> new TreeMap<>()).put(own, value);
        }
    }

    private @Nullable Template template(Map<String, String> values, String of, List<String> problems) {
        WalConfig.Builder builder = WalConfig.from(values).toBuilder();
        config.executor().ifPresent(builder::executor);
        WalConfig one = builder.build();
        try {
            return new Template(one, check.apply(one));
        } catch (WalConfigException e) {
            e.problems().stream()
                    .filter(problem -> !problems.contains(problem)) // is wrong for all
                    .forEach(problem -> problems.add(of + problem));
            return null;
        }
    }

    /** Opens the group on the storage and the threads of its own. */
    WalGroup open() {
        EngineOptions options = EngineOptions.of(common.resolved.settings(), common.config);
        int threads = group.get(GroupKeys.THREADS);
        GroupWorkers workers = new GroupWorkers(
                threads > 0 ? threads : Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
        Storage root = common.resolved.create(PluginKind.STORAGE, Storage.class, options.context());
        Storage inRoot = root instanceof FileStorage files ? files.with(options.files()) : root;
        return open(inRoot, Clock.systemUTC(), workers, workers.chores(), System::nanoTime, workers::close);
    }

    /** Opens the group on what is given. */
    WalGroup open(
            Storage root, Clock clock, Workers workers, Executor chores, LongSupplier nanoTime, Runnable release) {
        Logs logs = name -> openLog(root, name, clock, workers);
        LogGroup.Limits limits = new LogGroup.Limits(group.get(GroupKeys.IDLE), group.get(GroupKeys.OPEN_MAX));
        Executor subscribers = config.executor().orElse(null);
        boolean opened = false;
        try {
            WalGroup open = new LogGroup(root, logs, limits, workers, subscribers, chores, nanoTime, release);
            opened = true;
            Engine.warnOfIdleLogs(common.resolved.settings(), ResolvedConfig.nameOf(common.resolved.settings()));
            return open;
        } catch (IOException | UnsupportedOperationException e) {
            throw new WalException(
                    e instanceof StorageFullException
                            ? Reason.DISK_FULL
                            : e instanceof IOException ? Reason.IO : Reason.UNSUPPORTED,
                    Outcome.NONE,
                    "the group in " + root.location() + " cannot be opened: " + e,
                    e);
        } finally {
            if (!opened) {
                release.run();
                close(root);
            }
        }
    }

    private EngineWal openLog(Storage root, String name, Clock clock, Workers workers) {
        Template template = special.getOrDefault(name, special.getOrDefault(LogName.topicOf(name), common));
        EngineOptions options = EngineOptions.of(template.resolved.settings(), template.config)
                .withClock(clock)
                .withWorkers(workers)
                .withBuffers(buffers);
        PluginContext ofGroup = options.context();
        String prefix = template.resolved.settings().get(EngineKeys.NAME);
        Path directory = ofGroup.directory().resolve(name);
        EngineOptions ofLog = options.withLog(directory, prefix.isEmpty() ? name : prefix + "/" + name);
        PluginContext context = ofLog.context();
        ResolvedConfig resolved = template.resolved;
        try {
            return new Engine(
                            ofLog.withArchiver(resolved.create(PluginKind.ARCHIVER, SegmentArchiver.class, context)),
                            root.directory(name),
                            template.codecs,
                            resolved.create(PluginKind.PREALLOCATOR, Preallocator.class, context),
                            resolved.create(PluginKind.FSYNC, FsyncStrategy.class, context),
                            resolved.create(PluginKind.METER, Meter.class, context))
                    .openLog();
        } catch (IOException e) {
            throw new WalException(
                    Reason.IO,
                    Outcome.NONE,
                    "the log '" + name + "' in " + root.location() + " cannot be opened: " + e,
                    e);
        }
    }

    private static void close(Storage storage) {
        try {
            storage.close();
        } catch (IOException e) {
            System.getLogger("io.walnut.engine").log(System.Logger.Level.DEBUG, "wal.close.failed", e);
        }
    }

    /** A configuration of logs, checked. */
    private static final class Template {
        private final WalConfig config;
        private final ResolvedConfig resolved;
        private final Codecs codecs;

        Template(WalConfig config, ResolvedConfig resolved) {
            this.config = config;
            this.resolved = resolved;
            codecs = resolved.codecs(
                    EngineOptions.of(resolved.settings(), config).context());
        }
    }
}
