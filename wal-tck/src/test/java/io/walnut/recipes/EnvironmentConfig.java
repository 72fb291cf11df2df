package io.walnut.recipes;

import io.walnut.api.WalConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The configuration of a log from a properties file, and from environment variables, which win: {@code
 * WALNUT_SEGMENT_BYTES} says {@code wal.segment.bytes}. A dot is an underscore there, and a dash two.
 */
final class EnvironmentConfig {
    private static final String PREFIX = "WALNUT_";

    private EnvironmentConfig() {}

    /**
     * Reads a configuration; opening checks it.
     *
     * @param file with keys as in the documentation; need not be there
     * @param environment {@link System#getenv()}
     */
    static WalConfig load(Path file, Map<String, String> environment) throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            Properties properties = new Properties();
            try (Reader text = Files.newBufferedReader(file)) {
                properties.load(text);
            }
            values.putAll(WalConfig.from(properties).toMap());
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                values.put(key(name), value);
            }
        });
        return WalConfig.from(values);
    }

    private static String key(String variable) {
        String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        return "wal." + name.replace("__", "-").replace('_', '.');
    }

    /** {@return the variable that says a key} */
    static String variable(String key) {
        String name = key.substring("wal.".length()).replace('.', '_').replace("-", "__");
        return PREFIX + name.toUpperCase(Locale.ROOT);
    }
}
