package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Configuration. */
abstract class ConfigurationRules extends WalRules {
    ConfigurationRules() {}

    /** If this fails, look at the provider's {@code name()}: {@code [a-z0-9-]{1,63}}. */
    @Test
    final void required_W701_hasANameByWhichItCanBeChosen() {
        String name = log().provider().name();
        assertTrue(name.matches("[a-z0-9-]{1,63}"), () -> "the name '" + name + "' is not [a-z0-9-]{1,63}");
    }

    /** If this fails, look at META-INF/services, and at {@code provides} if the provider is in a named module. */
    @Test
    final void required_W702_isFoundAsAService() {
        Class<?> type = log().provider().getClass();
        Module module = type.getModule();
        ServiceLoader<WalProvider> services = module.isNamed()
                ? ServiceLoader.load(module.getLayer(), WalProvider.class)
                : ServiceLoader.load(WalProvider.class, type.getClassLoader());
        assertEquals(
                1,
                services.stream().filter(found -> found.type().equals(type)).count(),
                () -> "how often ServiceLoader finds " + type.getName());
    }

    /** If this fails, look at keys that nobody knows: refusing them is how a typing error is found. */
    @Test
    final void required_W703_refusesAKeyThatItDoesNotKnow() {
        assertRefused(Map.of("wal.segmnt.bytes", "1MiB"), "wal.segmnt.bytes");
        assertRefused(Map.of("wall.fsync", "always"), "wall.fsync");
        assertRefused(Map.of("wal.no.such.key", ""), "wal.no.such.key");
    }

    /** If this fails, look at where checking stops: all problems are told at once. */
    @Test
    final void required_W704_tellsEveryProblemAtOnce() {
        assertRefused(Map.of("wal.one", "1", "wal.two", "2", "wal.three", "3"), "wal.one", "wal.two", "wal.three");
    }

    /** If this fails, look at {@code wal.dir}: it has to be given. */
    @Test
    final void required_W705_refusesToOpenWithoutADirectory() {
        Map<String, String> values = new HashMap<>(log().config().toMap());
        values.remove("wal.dir");
        WalConfigException refused = assertThrows(
                WalConfigException.class,
                () -> log().provider().open(WalConfig.from(values)).close());
        assertTrue(String.join("\n", refused.problems()).contains("wal.dir"), () -> "told: " + refused.problems());
    }

    /** If this fails, look at values that cannot be: each is a problem that names its key. */
    @Test
    final void optional_W706_refusesValuesThatCannotBe() {
        boolean any = false;
        for (String key : new String[] {MAX_KEY, MAX_VALUE, MAX_BATCH, MAX_UNSYNCED, SEGMENT}) {
            if (log().knows(key, "1000000")) {
                any = true;
                assertRefused(Map.of(key, "many"), key);
                assertRefused(Map.of(key, "-1"), key);
                assertRefused(Map.of(key, ""), key);
            }
        }
        if (!any) {
            throw new TestAbortedException("the backend knows none of the keys for limits");
        }
    }

    /** If this fails, look at what is done before the configuration is checked: nothing may be created. */
    @Test
    final void required_W707_createsNothingWhenItRefuses() {
        Path aside = directory("never");
        assertRefused(Map.of("wal.dir", aside.toString(), "wal.no.such.key", "1"), "wal.no.such.key");
        assertFalse(Files.exists(aside), "a refused configuration left something behind");
    }

    /** If this fails, look at how the configuration is read: a map, properties and a builder say the same. */
    @Test
    final void required_W708_opensTheSameLogHoweverItIsConfigured() {
        WalConfig config = log().config();
        try (Wal wal = log().open()) {
            wal.append(record(0));
        }
        Properties properties = new Properties();
        properties.putAll(config.toMap());
        WalConfig.Builder builder = WalConfig.builder(log().directory());
        config.toMap().forEach(builder::set);
        for (WalConfig same : new WalConfig[] {WalConfig.from(properties), builder.build()}) {
            assertEquals(config.toMap(), same.toMap());
            try (Wal wal = log().provider().open(same)) {
                assertEquals(1, entries(wal).size());
            }
        }
    }

    /** If this fails, look at read-only opens: they check a configuration as others do. */
    @Test
    final void required_W709_checksTheConfigurationOfAReadOnlyOpenToo() {
        WalConfig wrong = log().config(Map.of("wal.no.such.key", "1"));
        assertThrows(
                WalConfigException.class,
                () -> log().provider().openReadOnly(wrong).close());
    }

    private void assertRefused(Map<String, String> wrong, String... keys) {
        WalConfigException refused = assertThrows(
                WalConfigException.class,
                () -> log().provider().open(log().config(wrong)).close(),
                () -> "opened with " + wrong);
        assertEquals(Reason.CONFIG, refused.reason());
        for (String key : keys) {
            assertTrue(
                    refused.problems().stream().anyMatch(problem -> problem.contains(key)),
                    () -> "no problem names " + key + ": " + refused.problems());
        }
    }
}
