package io.walnut.engine.config;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.engine.Codecs;
import io.walnut.engine.plugin.PluginKind;
import io.walnut.engine.plugin.Plugins;
import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.NearMiss;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that has been checked as a whole: the engine's keys, those of the chosen plugins, and that nothing else
 * was said. Everything that is wrong is reported at once.
 */
public final class ResolvedConfig {
    /** Of parts that are made while it is not known yet whether all of the configuration is right. */
    private static final ConfigSpec PLACE =
            ConfigSpec.of(EngineKeys.DIR.withDefault(Path.of("")), EngineKeys.NAME, EngineKeys.NODE_ID);

    /** Such as white space, or the mark with which some editors begin a file. */
    private static final Pattern NO_LETTERS = Pattern.compile("[^A-Za-z.]");

    private final WalConfig config;
    private final List<String> problems = new ArrayList<>();
    private final Settings settings;
    private final Plugins plugins;
    private final Map<PluginKind, @Nullable PluginProvider<?>> chosen = new EnumMap<>(PluginKind.class);
    private final Map<PluginKind, Settings> chosenSettings = new EnumMap<>(PluginKind.class);

    private ResolvedConfig(WalConfig config, boolean onItsStorage) {
        this.config = config;
        Map<String, String> given = config.toMap();
        settings = EngineKeys.SPEC.resolve("", given, problems::add);
        plugins = Plugins.find(settings.get(EngineKeys.PLUGIN_PATH), problems::add);
        for (PluginKind kind : PluginKind.values()) {
            choose(kind, settings.get(kind.key()), given);
        }
        checkUnknown(given);
        PluginContext place = contextOf(PLACE.resolve("", given, problem -> {}), Clock.systemUTC());
        Codecs.problems(available(place)).forEach(problem -> problems.add(EngineKeys.CODEC.name() + ": " + problem));
        if (settings.get(EngineKeys.IO) == IoMode.MAPPED) {
            checkMapped(place, onItsStorage);
        }
    }

    /**
     * Checks a configuration.
     *
     * @param config what was said
     * @return what it means
     * @throws WalConfigException with everything that is wrong
     */
    public static ResolvedConfig of(WalConfig config) {
        return new ResolvedConfig(config, true).checked();
    }

    /**
     * Checks a configuration whose log is opened on another storage than the one it names.
     *
     * @param config what was said
     * @return what it means
     * @throws WalConfigException with everything that is wrong
     */
    public static ResolvedConfig elsewhere(WalConfig config) {
        return new ResolvedConfig(config, false).checked();
    }

    private ResolvedConfig checked() {
        if (!problems.isEmpty()) {
            throw new WalConfigException(problems);
        }
        return this;
    }

    private void choose(PluginKind kind, String name, Map<String, String> given) {
        if (kind == PluginKind.CODEC && name.equals(Codecs.NONE)) {
            return;
        }
        Plugins.Found found = plugins.get(kind, name);
        if (found == null) {
            problems.add(plugins.missing(kind, name));
            return;
        }
        try {
            PluginProvider<?> provider = found.get();
            List<String> wrong = new ArrayList<>();
            Settings own = provider.config().resolve(kind.prefix(name), given, wrong::add);
            problems.addAll(wrong);
            if (wrong.isEmpty()) {
                chosen.put(kind, provider);
                chosenSettings.put(kind, own);
            }
        } catch (RuntimeException e) {
            problems.add(kind.key().name() + ": " + e.getMessage());
        }
    }

    private void checkUnknown(Map<String, String> given) {
        TreeSet<String> known = new TreeSet<>();
        EngineKeys.SPEC.keys().forEach(key -> known.add(key.name()));
        for (PluginKind kind : PluginKind.values()) {
            for (Plugins.Found found : plugins.all(kind)) {
                try {
                    found.get().config().keys().forEach(key -> known.add(kind.prefix(found.name()) + key.name()));
                } catch (RuntimeException e) {
                    // a plugin that was not asked for and does not work has no keys
                }
            }
        }
        for (String key : given.keySet()) {
            if (isMeant(key, known) && !known.contains(key)) {
                problems.add(key + ": " + unknown(key, known));
            }
        }
    }

    private String unknown(String key, Set<String> known) {
        if (key.startsWith(GroupKeys.PREFIX)) {
            return "belongs to groups of logs, and this is one log: remove it, or open the group with WalGroup.open";
        }
        for (PluginKind kind : PluginKind.values()) {
            String prefix = kind.key().name() + ".";
            int end = key.indexOf('.', prefix.length());
            String plugin = key.startsWith(prefix) && end > 0 ? key.substring(prefix.length(), end) : "";
            if (kind.isShipped(plugin) && plugins.get(kind, plugin) == null) {
                return "is a key of a plugin that is not there; " + kind.advice(plugin);
            }
        }
        return "there is no such key" + NearMiss.question(key, known);
    }

    /** {@return whether a key is meant for a log, perhaps misspelt: those of others may stand in the same file} */
    private static boolean isMeant(String key, Set<String> known) {
        String plain = NO_LETTERS.matcher(key).replaceAll("").toLowerCase(Locale.ROOT);
        return plain.startsWith(EngineKeys.PREFIX)
                || known.stream().anyMatch(each -> NearMiss.distance(plain, each) == 1);
    }

    /** Only the parts themselves know whether they can be mapped, so they are made for it. */
    private void checkMapped(PluginContext context, boolean onItsStorage) {
        if (chosen.containsKey(PluginKind.PREALLOCATOR)) {
            checkPart(() -> IoMode.MAPPED.problemWith(create(PluginKind.PREALLOCATOR, Preallocator.class, context)));
        }
        if (chosen.containsKey(PluginKind.STORAGE) && onItsStorage) {
            checkPart(() -> {
                try (Storage storage = create(PluginKind.STORAGE, Storage.class, context)) {
                    return IoMode.MAPPED.problemWith(storage);
                }
            });
        }
    }

    private void checkPart(Callable<Optional<String>> check) {
        try {
            check.call().ifPresent(problems::add);
        } catch (WalConfigException e) {
            problems.addAll(e.problems());
        } catch (Exception e) {
            problems.add(EngineKeys.IO.name() + ": whether it can be 'mapped' cannot be told: " + e);
        }
    }

    /** {@return the value of a key of the engine} */
    public <T> T get(ConfigKey<T> key) {
        return settings.get(key);
    }

    /** {@return the engine's own settings} */
    public Settings settings() {
        return settings;
    }

    /** {@return what was said} */
    public WalConfig config() {
        return config;
    }

    /** {@return what is there} */
    public Plugins plugins() {
        return plugins;
    }

    /** {@return the providers of the parts that were chosen} */
    public List<PluginProvider<?>> chosen() {
        List<PluginProvider<?>> all = new ArrayList<>();
        for (PluginProvider<?> provider : chosen.values()) {
            if (provider != null) {
                all.add(provider);
            }
        }
        return all;
    }

    /** {@return the log's name} */
    public static String nameOf(Settings settings) {
        String name = settings.get(EngineKeys.NAME);
        if (!name.isEmpty()) {
            return name;
        }
        Path last = settings.get(EngineKeys.DIR).toAbsolutePath().normalize().getFileName();
        return last == null ? "wal" : last.toString();
    }

    /** {@return what plugins may know of a log} */
    public static PluginContext contextOf(Settings settings, Clock clock) {
        return new PluginContext(
                settings.get(EngineKeys.DIR), nameOf(settings), settings.get(EngineKeys.NODE_ID), clock);
    }

    /**
     * Makes the chosen part of a kind.
     *
     * @param kind the kind
     * @param type what is made
     * @param context what it may know
     * @param <C> what is made
     * @return the part
     * @throws WalConfigException if it cannot be made
     */
    public <C> C create(PluginKind kind, Class<C> type, PluginContext context) {
        String name = settings.get(kind.key());
        PluginProvider<?> provider = chosen.get(kind);
        Settings own = chosenSettings.get(kind);
        if (provider == null || own == null) {
            throw new IllegalStateException(
                    "nothing was chosen for " + kind.key().name());
        }
        try {
            return type.cast(provider.create(own, context));
        } catch (RuntimeException | LinkageError e) {
            throw new WalConfigException(List.of(kind.key().name() + ": '" + name + "' cannot be used: " + e));
        }
    }

    /** {@return the codecs: the chosen one, and all others for single records and for reading} */
    public Codecs codecs(PluginContext context) {
        try {
            return Codecs.of(settings.get(EngineKeys.CODEC), available(context));
        } catch (RuntimeException | LinkageError e) {
            throw new WalConfigException(List.of(EngineKeys.CODEC.name() + ": " + e.getMessage()));
        }
    }

    private List<Codecs.Available> available(PluginContext context) {
        List<Codecs.Available> available = new ArrayList<>();
        for (Plugins.Found found : plugins.all(PluginKind.CODEC)) {
            try {
                CodecProvider provider = (CodecProvider) found.get();
                available.add(new Codecs.Available(found.name(), provider.id(), () -> create(provider, context)));
            } catch (RuntimeException e) {
                // not the chosen one, which was checked: it is as if it were not there
            }
        }
        return available;
    }

    private Codec create(CodecProvider provider, PluginContext context) {
        ConfigSpec spec = provider.config();
        List<String> wrong = new ArrayList<>();
        Settings own = spec.resolve(PluginKind.CODEC.prefix(provider.name()), config.toMap(), wrong::add);
        if (!wrong.isEmpty()) {
            throw new WalConfigException(wrong);
        }
        return provider.create(own, context);
    }
}
