package io.walnut.engine.plugin;

import io.walnut.spi.PluginProvider;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where providers are looked for. A directory of the plugin path becomes a {@link ModuleLayer} of its own where Walnut
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

    static List<Source> directories(String pluginPath, Consumer<String> problems) {
        List<Source> sources = new ArrayList<>();
        if (pluginPath.isEmpty()) {
            return sources;
        }
        List<Path> directories;
        try (Stream<Path> entries = Files.list(Path.of(pluginPath))) {
            directories = entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException | RuntimeException e) {
            problems.accept("wal.plugin.path: the directory '" + pluginPath + "' cannot be read: " + e);
            return sources;
        }
        if (directories.isEmpty()) {
            problems.accept("wal.plugin.path: '" + pluginPath
                    + "' holds no directory; each plugin has one of its own, with its jars");
        }
        for (Path directory : directories) {
            try {
                sources.add(PluginPath.class.getModule().isNamed() ? layerOf(directory) : loaderOf(directory));
            } catch (IOException | FindException | ResolutionException | LayerInstantiationException e) {
                problems.accept(
                        "wal.plugin.path: the plugin in '" + directory + "' cannot be loaded: " + e.getMessage());
            }
        }
        return sources;
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
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path jar : entries.filter(path -> path.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                urls.add(url(jar));
            }
        }
        return of(new URLClassLoader(
                directory.getFileName().toString(), urls.toArray(URL[]::new), PluginPath.class.getClassLoader()));
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
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
