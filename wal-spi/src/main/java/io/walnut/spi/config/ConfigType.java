package io.walnut.spi.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the string of a configuration value is read. Independent of locale and time zone.
 *
 * @param <T> what it is read as
 */
public final class ConfigType<T> {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-zµ]*)");
    private static final Map<String, Long> DURATION_UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);
    private static final Map<String, Long> SIZE_UNITS = Map.of(
            "", 1L,
            "B", 1L,
            "kB", 1_000L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30,
            "TiB", 1L << 40);

    /** Any text. */
    public static final ConfigType<String> STRING = new ConfigType<>("string", text -> text, text -> text);

    /** A whole number. */
    public static final ConfigType<Integer> INT =
            new ConfigType<>("int", text -> parseNumber(text, Integer::parseInt), String::valueOf);

    /** A whole number. */
    public static final ConfigType<Long> LONG =
            new ConfigType<>("long", text -> parseNumber(text, Long::parseLong), String::valueOf);

    /** {@code true} or {@code false}. */
    public static final ConfigType<Boolean> BOOLEAN = choice("boolean", List.of("true", "false"), "true"::equals);

    /** A number with a unit: {@code 5ms}, {@code 1.5s}, {@code 1h}. Units: ns, us, ms, s, m, h, d. */
    public static final ConfigType<Duration> DURATION = new ConfigType<>(
            "duration",
            text -> Duration.ofNanos(quantity(text, DURATION_UNITS, "a duration like 5ms, 30s or 1h")),
            ConfigType::formatDuration);

    /** A number of bytes, with a unit or without: {@code 65536}, {@code 64KiB}, {@code 1GB}. */
    public static final ConfigType<Long> SIZE = new ConfigType<>(
            "size", text -> quantity(text, SIZE_UNITS, "a size like 65536, 64KiB or 128MiB"), ConfigType::formatSize);

    /** A path of the default file system, which is not empty. */
    public static final ConfigType<Path> PATH = new ConfigType<>(
            "path",
            text -> {
                if (text.isEmpty()) { // else it would be the working directory
                    throw new IllegalArgumentException("is empty; '.' is the working directory");
                }
                try {
                    return Path.of(text);
                } catch (InvalidPathException e) {
                    throw new IllegalArgumentException("is not a path: " + e.getMessage(), e);
                }
            },
            Path::toString);

    private final String name;
    private final Function<String, T> parser;
    private final Function<T, String> formatter;

    private ConfigType(String name, Function<String, T> parser, Function<T, String> formatter) {
        this.name = name;
        this.parser = parser;
        this.formatter = formatter;
    }

    /**
     * One of the constants of an enum, written in lower case, with a hyphen for each underscore; an underscore is read too.
     *
     * @param type the enum
     * @param <E> the enum
     * @return the type
     */
    public static <E extends Enum<E>> ConfigType<E> oneOf(Class<E> type) {
        List<String> names = java.util.Arrays.stream(type.getEnumConstants())
                .map(ConfigType::wordOf)
                .toList();
        return choice(
                String.join(" | ", names),
                names,
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    private static <T> ConfigType<T> choice(String name, List<String> allowed, Function<String, T> parser) {
        return new ConfigType<>(
                name,
                text -> {
                    String lower = text.toLowerCase(Locale.ROOT).replace('_', '-');
                    if (!allowed.contains(lower)) {
                        throw new IllegalArgumentException(
                                "is none of " + String.join(", ", allowed) + NearMiss.question(lower, allowed));
                    }
                    return parser.apply(lower);
                },
                ConfigType::wordOf);
    }

    private static String wordOf(Object constant) {
        return String.valueOf(constant).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return its name in documentation} */
    public String name() {
        return name;
    }

    /**
     * Reads a value.
     *
     * @param text without surrounding white space
     * @return the value
     * @throws IllegalArgumentException with a message that continues "the value …"
     */
    public T parse(String text) {
        return parser.apply(text);
    }

    /**
     * Writes a value as {@link #parse} reads it.
     *
     * @param value a value
     * @return its text
     */
    public String format(T value) {
        return formatter.apply(value);
    }

    private static <N> N parseNumber(String text, Function<String, N> parser) {
        try {
            return parser.apply(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a whole number in range", e);
        }
    }

    private static long quantity(String text, Map<String, Long> units, String expected) {
        Matcher matcher = QUANTITY.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("is not " + expected);
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .toBigInteger()
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large", e);
        }
    }

    private static String formatDuration(Duration duration) {
        return inLargestUnit(duration.toNanos(), List.of("d", "h", "m", "s", "ms", "us", "ns"), DURATION_UNITS);
    }

    private static String formatSize(long bytes) {
        return inLargestUnit(bytes, List.of("TiB", "GiB", "MiB", "KiB", ""), SIZE_UNITS);
    }

    private static String inLargestUnit(long amount, List<String> units, Map<String, Long> factors) {
        for (String unit : units) {
            long factor = factors.getOrDefault(unit, 1L);
            if (amount != 0 && amount % factor == 0) {
                return amount / factor + unit;
            }
        }
        return "0" + units.get(units.size() - 1);
    }
}
