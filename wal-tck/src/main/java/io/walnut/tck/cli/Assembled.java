package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalProvider;
import io.walnut.spi.BackendProvider;
import io.walnut.spi.PluginProvider;
import io.walnut.tck.kit.Configuration;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.StringTokenizer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration with the backend and the parts that it names.
 *
 * @param configuration the configuration, the plugin path in it where the backend has one
 * @param backend the backend
 * @param parts the providers of its parts; none if the backend does not tell, or the configuration is wrong
 * @param problem why there are no parts, empty if there are
 */
record Assembled(Configuration configuration, WalProvider backend, List<PluginProvider<?>> parts, String problem) {
    /**
     * Finds what a configuration names.
     *
     * @throws BadInputException if there is no such backend, or its configuration is wrong
     */
    static Assembled of(Configuration given, @Nullable String pluginPath) throws IOException {
        String wanted = given.values().getOrDefault("wal.backend", "engine");
        WalProvider backend = find(wanted, pluginPath);
        if (!(backend instanceof BackendProvider telling)) {
            return new Assembled(given, backend, List.of(), "the backend " + wanted + " does not tell its parts");
        }
        Configuration configuration = pluginPath == null ? given : given.with(Map.of("wal.plugin.path", pluginPath));
        try {
            WalConfig config = WalConfig.from(
                    configuration.with(Map.of("wal.dir", "unused")).values());
            return new Assembled(configuration, backend, telling.chosen(config), "");
        } catch (WalConfigException wrong) {
            throw new BadInputException("the configuration " + given.name() + " is wrong: " + wrong.getMessage());
        }
    }

    /** The provider of a part of this kind. */
    <P extends PluginProvider<?>> Optional<P> part(Class<P> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private static WalProvider find(String wanted, @Nullable String pluginPath) throws IOException {
        List<String> names = new ArrayList<>();
        for (ClassLoader loader : loaders(pluginPath)) {
            for (WalProvider provider : ServiceLoader.load(WalProvider.class, loader)) {
                if (provider.name().equals(wanted)) {
                    return provider;
                }
                names.add(provider.name());
            }
        }
        throw new BadInputException("wal.backend: there is no backend '" + wanted + "'; available: "
                + String.join(", ", names.stream().distinct().toList()));
    }

    /** Our own, then one for each directory that may have a backend in it. */
    private static List<ClassLoader> loaders(@Nullable String pluginPath) throws IOException {
        ClassLoader own = Assembled.class.getClassLoader();
        List<ClassLoader> loaders = new ArrayList<>(List.of(own));
        StringTokenizer path = new StringTokenizer(pluginPath == null ? "" : pluginPath, File.pathSeparator);
        while (path.hasMoreTokens()) {
            String element = path.nextToken();
            try {
                Path directory = Path.of(element);
                loaders.add(loader(directory, own));
                for (Path inside : list(directory, Files::isDirectory)) {
                    loaders.add(loader(inside, own));
                }
            } catch (IOException | InvalidPathException e) {
                throw new BadInputException("the directory " + element + " cannot be read: " + e);
            }
        }
        return loaders;
    }

    private static ClassLoader loader(Path directory, ClassLoader parent) throws IOException {
        List<URL> urls = new ArrayList<>(List.of(directory.toUri().toURL()));
        for (Path jar : list(directory, path -> path.toString().endsWith(".jar"))) {
            urls.add(jar.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), parent);
    }

    private static List<Path> list(Path directory, Predicate<Path> which) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(which).sorted().toList();
        }
    }
}
