package io.walnut.spi.config;

import java.util.Map;
import java.util.NoSuchElementException;

/** The checked values of a {@link ConfigSpec}. Immutable. */
public final class Settings {
    private final Map<String, Object> values;

    Settings(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * The defaults of a declaration.
     *
     * @param spec a declaration in which every key has a default
     * @return its defaults
     * @throws IllegalArgumentException if a key has none
     */
    public static Settings defaultsOf(ConfigSpec spec) {
        return of(spec, Map.of());
    }

    /**
     * What a declaration makes of some strings; for assembly by hand and for tests.
     *
     * @param spec a declaration
     * @param given strings by key, without a prefix
     * @return the values
     * @throws IllegalArgumentException if there is a problem with them
     */
    public static Settings of(ConfigSpec spec, Map<String, String> given) {
        return spec.resolve("", given, problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    /**
     * One value.
     *
     * @param key a key of the declaration
     * @param <T> the type of its value
     * @return its value
     * @throws NoSuchElementException if the declaration does not hold the key
     */
    @SuppressWarnings("unchecked") // a spec only ever stores what the key's own type parsed
    public <T> T get(ConfigKey<T> key) {
        Object value = values.get(key.name());
        if (value == null) {
            throw new NoSuchElementException("no setting " + key.name());
        }
        return (T) value;
    }
}
