package io.walnut.tck.kit;

import java.util.Map;
import java.util.TreeMap;

/**
 * One assembled configuration over which a suite is run.
 *
 * @param name how the report calls it
 * @param values keys and values as in a properties file; {@code wal.dir} is the kit's and is not among them
 */
public record Configuration(String name, Map<String, String> values) {
    /** What a part is without being told anything. */
    public static final Configuration DEFAULTS = new Configuration("defaults", Map.of());

    /** Copies the map. */
    public Configuration {
        values = Map.copyOf(values);
    }

    /**
     * This configuration and more.
     *
     * @param more keys that win over those that are here
     * @return the changed copy, with the same name
     */
    public Configuration with(Map<String, String> more) {
        Map<String, String> both = new TreeMap<>(values);
        both.putAll(more);
        return new Configuration(name, both);
    }

    /** {@return the name} */
    @Override
    public String toString() {
        return name;
    }
}
