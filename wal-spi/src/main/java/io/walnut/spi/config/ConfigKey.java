package io.walnut.spi.config;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one configuration key. Immutable; the {@code with} methods give a changed copy.
 *
 * @param <T> the type of its value
 */
public final class ConfigKey<T> {
    private final String name;
    private final ConfigType<T> type;
    private final @Nullable T defaultValue;
    private final Function<T, @Nullable String> validator;
    private final String doc;
    private final String since;
    private final String range;

    private ConfigKey(
            String name,
            ConfigType<T> type,
            @Nullable T defaultValue,
            Function<T, @Nullable String> validator,
            String doc,
            String since,
            String range) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.validator = validator;
        this.doc = doc;
        this.since = since;
        this.range = range;
    }

    /**
     * A key without a default, which so has to be given.
     *
     * @param name its name, without the prefix of the plugin that declares it
     * @param type how its value is read
     * @param doc one sentence or two for a person
     * @param <T> the type of its value
     * @return the key
     */
    public static <T> ConfigKey<T> of(String name, ConfigType<T> type, String doc) {
        return new ConfigKey<>(name, type, null, value -> null, doc, "0.1", "");
    }

    /**
     * The same key with a default.
     *
     * @param value used where nothing is given
     * @return a changed copy
     */
    public ConfigKey<T> withDefault(T value) {
        return new ConfigKey<>(name, type, Objects.requireNonNull(value), validator, doc, since, range);
    }

    /**
     * The same key with a check on its value.
     *
     * @param check gives what is wrong, as the end of a sentence that starts with the key, or null if nothing is
     * @return a changed copy
     */
    public ConfigKey<T> withValidator(Function<T, @Nullable String> check) {
        return new ConfigKey<>(name, type, defaultValue, check, doc, since, range);
    }

    /**
     * The same key, its value to lie in a range.
     *
     * @param key a key
     * @param least the least value
     * @param greatest the greatest value
     * @param <T> the type of its value
     * @return a changed copy
     */
    public static <T extends Comparable<T>> ConfigKey<T> inRange(ConfigKey<T> key, T least, T greatest) {
        boolean open = greatest.equals(Long.MAX_VALUE) || greatest.equals(Integer.MAX_VALUE);
        String from = key.type.format(least);
        String to = key.type.format(greatest);
        Function<T, @Nullable String> check = value -> value.compareTo(least) >= 0 && value.compareTo(greatest) <= 0
                ? null
                : open ? "must be at least " + from : "must lie between " + from + " and " + to;
        String range = open ? "at least " + from : from + " to " + to;
        return new ConfigKey<>(key.name, key.type, key.defaultValue, check, key.doc, key.since, range);
    }

    /**
     * The same key with the version that brought it.
     *
     * @param version of the module that declares it
     * @return a changed copy
     */
    public ConfigKey<T> withSince(String version) {
        return new ConfigKey<>(name, type, defaultValue, validator, doc, version, range);
    }

    /** {@return its name, without the prefix of the plugin that declares it} */
    public String name() {
        return name;
    }

    /** {@return how its value is read} */
    public ConfigType<T> type() {
        return type;
    }

    /** {@return its default; null if it has to be given} */
    public @Nullable T defaultValue() {
        return defaultValue;
    }

    /** {@return its default as text; empty if it has to be given} */
    public String defaultText() {
        return defaultValue == null ? "" : type.format(defaultValue);
    }

    /** {@return a sentence or two for a person} */
    public String doc() {
        return doc;
    }

    /** {@return the values that are accepted, for a person; empty if the type says it all} */
    public String range() {
        return range;
    }

    /** {@return the version that brought it} */
    public String since() {
        return since;
    }

    /**
     * Reads and checks a value.
     *
     * @param text what was given
     * @return the value
     * @throws IllegalArgumentException with what is wrong
     */
    T read(String text) {
        T value = type.parse(text.strip());
        String problem = validator.apply(value);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return value;
    }
}
