package io.walnut.engine.plugin;

import io.walnut.spi.PluginProvider;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where providers are looked for. A plugin on the plugin path becomes a {@link ModuleLayer} of its own where Walnut
 * is a named module, else a class loader of its own, so that plugins do not see each other's libraries.
 */
final class PluginPath {
    private PluginPath() {}

    /** A place where providers are looked for. */
    interface Source {
        <P extends PluginProvider<?>> ServiceLoader<P> load(Class<P> type);
    }

    static List<Source> builtIn() {
        List<Source> sources = new ArrayList<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            sources.add(of(context));
        }
        ModuleLayer layer = PluginPath.class.getModule().getLayer();
        if (layer != null) {
            sources.add(of(layer));
        }
        sources.add(of(PluginPath.class.getClassLoader()));
        return sources;
    }

    /** The plugins of each directory on a path; empty elements are none. */
    static List<Source> directories(String pluginPath, Consumer<String> problems) {
        List<Source> sources = new ArrayList<>();
        StringTokenizer path = new StringTokenizer(pluginPath, File.pathSeparator);
        while (path.hasMoreTokens()) {
            for (Path plugin : plugins(path.nextToken(), problems)) {
                load(plugin, problems).ifPresent(sources::add);
            }
        }
        return sources;
    }

    /** The directory itself, if it is a plugin, and those in it, unless they are packages. */
    private static List<Path> plugins(String element, Consumer<String> problems) {
        List<Path> plugins = new ArrayList<>();
        try {
            Path directory = Path.of(element);
            boolean unpacked = Files.isDirectory(directory.resolve("META-INF"))
                    || Files.exists(directory.resolve("module-info.class"));
            if (unpacked || !jars(directory).isEmpty()) {
                plugins.add(directory);
            }
            if (!unpacked) {
                plugins.addAll(list(directory, Files::isDirectory));
            }
        } catch (IOException | RuntimeException e) {
            problems.accept("wal.plugin.path: the directory '" + element + "' cannot be read: " + e);
            return List.of();
        }
        if (plugins.isEmpty()) {
            problems.accept(
                    "wal.plugin.path: '" + element + "' holds neither jars nor directories; the jars of a plugin"
                            + " lie in it, or in a directory of their own in it");
        }
        return plugins;
    }

    private static Optional<Source> load(Path plugin, Consumer<String> problems) {
        try {
            return Optional.of(PluginPath.class.getModule().isNamed() ? layerOf(plugin) : loaderOf(plugin));
        } catch (IOException | FindException | ResolutionException | LayerInstantiationException e) {
            problems.accept("wal.plugin.path: the plugin in '" + plugin + "' cannot be loaded: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Path> jars(Path directory) throws IOException {
        return list(directory, path -> path.toString().endsWith(".jar"));
    }

    private static List<Path> list(Path directory, Predicate<Path> which) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(which).sorted().toList();
        }
    }

    private static Source layerOf(Path directory) {
        ModuleLayer parent = PluginPath.class.getModule().getLayer();
        ModuleFinder finder = ModuleFinder.of(directory);
        Set<String> services = Arrays.stream(PluginKind.values())
                .map(kind -> kind.type().getName())
                .collect(Collectors.toSet());
        Set<String> roots = finder.findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(module -> module.provides().stream().anyMatch(each -> services.contains(each.service())))
                .map(module -> module.name())
                .collect(Collectors.toSet());
        Configuration configuration = parent.configuration().resolve(finder, ModuleFinder.of(), roots);
        return of(parent.defineModulesWithOneLoader(configuration, PluginPath.class.getClassLoader()));
    }

    private static Source loaderOf(Path directory) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(directory.toUri().toURL());
        for (Path jar : jars(directory)) {
            urls.add(jar.toUri().toURL());
        }
        return of(new URLClassLoader(
                String.valueOf(directory.getFileName()), urls.toArray(URL[]::new), PluginPath.class.getClassLoader()));
    }

    private static Source of(ClassLoader loader) {
        return new Source() {
            @Override
            public <P extends PluginProvider<?>> ServiceLoader<P> load(Class<P> type) {
                return ServiceLoader.load(type, loader);
            }
        };
    }

    private static Source of(ModuleLayer layer) {
        return new Source() {
            @Override
            public <P extends PluginProvider<?>> ServiceLoader<P> load(Class<P> type) {
                return ServiceLoader.load(layer, type);
            }
        };
    }
}
