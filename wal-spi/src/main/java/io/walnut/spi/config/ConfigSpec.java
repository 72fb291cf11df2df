package io.walnut.spi.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The keys that a part understands, and so the one place that checks them. Immutable.
 *
 * @param keys in the order in which they are documented; names are without the part's prefix
 */
public record ConfigSpec(List<ConfigKey<?>> keys) {
    /** A part without configuration. */
    public static final ConfigSpec NONE = new ConfigSpec(List.of());

    /** Copies the list. */
    public ConfigSpec {
        keys = List.copyOf(keys);
    }

    /**
     * The keys of a part.
     *
     * @param keys in the order in which they are documented
     * @return the declaration
     */
    public static ConfigSpec of(ConfigKey<?>... keys) {
        return new ConfigSpec(List.of(keys));
    }

    /**
     * Reads what was given for these keys and tells everything that is wrong with it. Keys of others are left alone.
     *
     * @param prefix what stands before each name in the given strings, its dot included; empty for none
     * @param given strings by full key
     * @param problems is told each problem, as one sentence that starts with the full key
     * @return the values; a key with a problem has its default, or none
     */
    public Settings resolve(String prefix, Map<String, String> given, Consumer<String> problems) {
        Map<String, Object> values = new HashMap<>();
        for (ConfigKey<?> key : keys) {
            String name = prefix + key.name();
            String text = given.get(name);
            Object value = key.defaultValue();
            if (text != null) {
                try {
                    value = key.read(text);
                } catch (IllegalArgumentException e) {
                    problems.accept(name + ": the value '" + text + "' " + e.getMessage());
                }
            } else if (value == null) {
                problems.accept(name + ": has to be given (" + key.type().name() + "): " + key.doc());
            }
            if (value != null) {
                values.put(key.name(), value);
            }
        }
        return new Settings(values);
    }
}
