package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which any command is told a configuration. What is said later in the list below wins. */
final class ConfigOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Start with the keys of a properties file.")
    @Nullable
    Path file;

    @Option(
            names = "--plugin-path",
            paramLabel = "PATH",
            description =
                    "Directories that hold the jars of a plugin, or a directory for each plugin (wal.plugin.path).")
    @Nullable
    String pluginPath;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any key of the configuration; can be repeated. 'walnut config' lists them.")
    Map<String, String> set = new LinkedHashMap<>();

    /** {@return everything that was said} */
    WalConfig config() {
        return configOver(Map.of());
    }

    /** {@return everything that was said, with these keys between the file and the options} */
    WalConfig configOver(Map<String, String> more) {
        return configOver(values(), more);
    }

    /** As {@link #configOver(Map)} for a log {@link Elsewhere}; an option can still ask for what the file cannot. */
    WalConfig configElsewhere(Map<String, String> more) {
        return configOver(Elsewhere.of(values()), more);
    }

    private Map<String, String> values() {
        return file == null ? Map.of() : PropertiesFile.read(file).values();
    }

    private WalConfig configOver(Map<String, String> fromFile, Map<String, String> more) {
        Map<String, String> values = new TreeMap<>(fromFile);
        values.putAll(more);
        if (pluginPath != null) {
            values.put("wal.plugin.path", pluginPath);
        }
        values.putAll(set);
        return WalConfig.from(values);
    }
}
