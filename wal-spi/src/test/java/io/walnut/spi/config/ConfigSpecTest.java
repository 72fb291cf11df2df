package io.walnut.spi.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSpecTest {
    private enum Colour {
        RED,
        DARK_BLUE
    }

    @ParameterizedTest
    @CsvSource({
        "5ms, PT0.005S",
        "1.5s, PT1.5S",
        "30s, PT30S",
        "2m, PT2M",
        "1h, PT1H",
        "1d, PT24H",
        "7us, PT0.000007S",
        "9ns, PT0.000000009S",
        "5 ms, PT0.005S"
    })
    void durationsHaveUnits(String text, Duration expected) {
        assertEquals(expected, ConfigType.DURATION.parse(text));
        assertEquals(expected, ConfigType.DURATION.parse(ConfigType.DURATION.format(expected)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "64KiB, 65536",
        "128MiB, 134217728",
        "1GiB, 1073741824",
        "1GB, 1000000000",
        "1.5KiB, 1536",
        "2TiB, 2199023255552",
        "10 MB, 10000000"
    })
    void sizesHaveUnits(String text, long expected) {
        assertEquals(expected, ConfigType.SIZE.parse(text));
        assertEquals(expected, ConfigType.SIZE.parse(ConfigType.SIZE.format(expected)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "-5ms", "5 parsecs", "1e3s", "99999999999d"})
    void whatIsNoDurationIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ConfigType.DURATION.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "-1", "64kib", "1,5MiB", "9999999999TiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ConfigType.SIZE.parse(text));
    }

    @Test
    void readingDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals(Colour.DARK_BLUE, ConfigType.oneOf(Colour.class).parse("dark_blue"));
            assertEquals("64MiB", ConfigType.SIZE.format(64L << 20));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void everythingThatIsWrongIsToldAndTheRestIsRead() {
        ConfigKey<Integer> level = ConfigKey.inRange(
                ConfigKey.of("level", ConfigType.INT, "How much.").withDefault(3), 0, 9);
        ConfigKey<Boolean> fast =
                ConfigKey.of("fast", ConfigType.BOOLEAN, "Whether.").withDefault(true);
        ConfigKey<Path> where = ConfigKey.of("where", ConfigType.PATH, "Where to.");
        ConfigKey<Colour> colour =
                ConfigKey.of("colour", ConfigType.oneOf(Colour.class), "Which.").withDefault(Colour.RED);
        ConfigSpec spec = ConfigSpec.of(level, fast, where, colour);
        List<String> problems = new ArrayList<>();
        Settings settings = spec.resolve(
                "wal.x.", Map.of("wal.x.level", "12", "wal.x.fast", "perhaps", "wal.x.colour", " RED "), problems::add);
        assertEquals(3, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith("wal.x.level: the value '12' must lie between 0 and 9"));
        assertTrue(problems.get(1).contains("is none of true, false"), problems.get(1));
        assertTrue(problems.get(2).startsWith("wal.x.where: has to be given"), problems.get(2));
        assertEquals(Colour.RED, settings.get(colour));
        assertEquals(3, settings.get(level));
        assertThrows(NoSuchElementException.class, () -> settings.get(where));
        assertThrows(IllegalArgumentException.class, () -> Settings.defaultsOf(spec));
        assertEquals(Path.of("a"), Settings.of(spec, Map.of("where", "a")).get(where));
        assertEquals("3", level.defaultText());
        assertEquals("red | dark-blue", colour.type().name());
    }
}
