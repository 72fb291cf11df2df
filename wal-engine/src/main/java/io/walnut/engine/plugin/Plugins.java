package io.walnut.engine.plugin;

import io.walnut.spi.PluginProvider;
import io.walnut.spi.config.NearMiss;
import jakarta.inject.Named;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The providers that are there, by kind and name. They are told apart by the {@link Named} annotation of their class, so
 * only those that are used are instantiated. The same class found on two ways counts once.
 */
public final class Plugins {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

    /**
     * A provider that is there.
     *
     * @param name its name
     * @param type its class
     * @param provider makes it
     * @param origin where it comes from, for a person
     */
    public record Found(
            String name, Class<?> type, ServiceLoader.Provider<? extends PluginProvider<?>> provider, String origin) {

        /**
         * Instantiates the provider.
         *
         * @return the provider
         * @throws IllegalStateException if it cannot be, or says that it has another name
         */
        public PluginProvider<?> get() {
            PluginProvider<?> made;
            try {
                made = provider.get();
            } catch (ServiceConfigurationError | LinkageError e) {
                throw new IllegalStateException(type.getName() + " from " + origin + " cannot be used: " + e, e);
            }
            if (!made.name().equals(name)) {
                throw new IllegalStateException(type.getName() + " from " + origin + " is annotated @Named(\"" + name
                        + "\") but says that its name is '" + made.name() + "'");
            }
            return made;
        }
    }

    private final Map<PluginKind, Map<String, Found>> found = new EnumMap<>(PluginKind.class);

    private Plugins() {}

    /**
     * Looks in the context class loader, in this module's layer and loader, and in the directories of a plugin path.
     *
     * @param pluginPath {@code wal.plugin.path}; empty for none
     * @param problems is told each problem, as one sentence
     * @return what is there
     */
    public static Plugins find(String pluginPath, Consumer<String> problems) {
        Plugins plugins = new Plugins();
        List<PluginPath.Source> sources = new ArrayList<>(PluginPath.builtIn());
        sources.addAll(PluginPath.directories(pluginPath, problems));
        for (PluginKind kind : PluginKind.values()) {
            Map<String, Found> byName = new TreeMap<>();
            for (PluginPath.Source source : sources) {
                try {
                    source.load(kind.type()).stream()
                            .forEach(provider -> plugins.add(byName, kind, provider, problems));
                } catch (ServiceConfigurationError e) {
                    problems.accept("a " + kind.type().getSimpleName() + " cannot be loaded: " + e.getMessage());
                }
            }
            plugins.found.put(kind, byName);
        }
        return plugins;
    }

    private void add(
            Map<String, Found> byName,
            PluginKind kind,
            ServiceLoader.Provider<? extends PluginProvider<?>> provider,
            Consumer<String> problems) {
        Class<?> type = provider.type();
        String origin = originOf(type);
        Named named = type.getAnnotation(Named.class);
        if (named == null || !NAME.matcher(named.value()).matches()) {
            problems.accept(type.getName() + " from " + origin + " needs @Named with a name like [a-z0-9-]{1,63}");
            return;
        }
        Found other = byName.putIfAbsent(named.value(), new Found(named.value(), type, provider, origin));
        if (other != null && other.type() != type) {
            problems.accept(kind.key().name() + ": two plugins are called '" + named.value() + "': "
                    + other.type().getName() + " from " + other.origin() + ", and " + type.getName() + " from "
                    + origin + "; remove one");
        }
    }

    /** {@return where a class comes from, for a person} */
    public static String originOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        String module =
                type.getModule().isNamed() ? "module " + type.getModule().getName() + ", " : "";
        return module + (source == null ? type.getClassLoader() : source.getLocation());
    }

    /** {@return everything of a kind, by name} */
    public Collection<Found> all(PluginKind kind) {
        return found.getOrDefault(kind, Map.of()).values();
    }

    /** {@return the plugin of that name, or null} */
    public @Nullable Found get(PluginKind kind, String name) {
        return found.getOrDefault(kind, Map.of()).get(name);
    }

    /** {@return what to tell somebody who asked for a plugin that is not there} */
    public String missing(PluginKind kind, String name) {
        List<String> names = new ArrayList<>();
        if (kind == PluginKind.CODEC) {
            names.add("none");
        }
        all(kind).forEach(each -> names.add(each.name()));
        String nearest = NearMiss.of(name, names);
        return kind.key().name() + ": there is no '" + name + "'; available: " + String.join(", ", names) + "; "
                + (nearest.isEmpty() ? "" : "did you mean " + nearest + "? Else ")
                + kind.advice(name);
    }
}
