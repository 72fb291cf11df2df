package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalGroup;
import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void everyProblemIsReportedAtOnceAndNothingIsTouched() {
        WalConfig config = WalConfig.builder(directory.resolve("log"))
                .set("wal.segment.bytes", "12 parsecs")
                .set("wal.fsync", "sometimes")
                .set("wal.fsync.batch.window", "2s")
                .set("wal.recovery", "hopeful")
                .set("wal.segmnt.bytes", "1MiB")
                .set("Wal.fsync", "always")
                .set("wall.io", "channel")
                .set("\uFEFFwal.dir", "elsewhere")
                .build();
        WalConfigException e = assertThrows(WalConfigException.class, () -> Wal.open(config));
        String all = String.join("\n", e.problems());
        assertTrue(all.contains("wal.segment.bytes: the value '12 parsecs' is not a size"), all);
        assertTrue(all.contains("there is no 'sometimes'; available: always, batch, os"), all);
        assertTrue(all.contains("wal.recovery: the value 'hopeful' is none of strict, default, truncate"), all);
        assertTrue(all.contains("wal.segmnt.bytes: there is no such key; did you mean wal.segment.bytes?"), all);
        assertTrue(all.contains("Wal.fsync: there is no such key; did you mean wal.fsync?"), all);
        assertTrue(all.contains("wal.dir: there is no such key; did you mean wal.dir?"), all);
        assertTrue(all.contains("wall.io: there is no such key; did you mean wal.io?"), all);
        assertEquals(7, e.problems().size(), all);
        assertFalse(Files.exists(directory.resolve("log")));
    }

    @Test
    void keysOfOthersAreIgnored() {
        Properties shared = new Properties();
        shared.setProperty("spring.datasource.url", "jdbc:h2:mem:");
        shared.setProperty("walnut", "a nut");
        shared.setProperty("wall.colour", "white");
        shared.setProperty("wal.dir", directory.resolve("log").toString());
        Wal.open(WalConfig.from(shared)).close();
        WalGroup.open(WalConfig.builder(directory.resolve("group"))
                        .set("server.port", "8080")
                        .build())
                .close();
    }

    @Test
    void keysOfPluginsArePassedOnAndChecked() {
        WalConfig config =
                WalConfig.builder(directory).set("wal.fsync.batch.window", "2s").build();
        List<String> problems =
                assertThrows(WalConfigException.class, () -> Wal.open(config)).problems();
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains("wal.fsync.batch.window"), problems.get(0));
        assertTrue(problems.get(0).contains("between 1us and 1s"), problems.get(0));
    }

    private String problem(String key, String value) {
        WalConfig config = WalConfig.builder(directory).set(key, value).build();
        return assertThrows(WalConfigException.class, () -> Wal.open(config)).getMessage();
    }

    @Test
    void aProblemPointsToWhatWasMeant() {
        String group = problem("wal.group.idle", "1m");
        assertTrue(group.contains("wal.group.idle: belongs to groups of logs"), group);
        String value = problem("wal.fsync", "allways");
        assertTrue(value.contains("there is no 'allways'") && value.contains("did you mean always?"), value);
        String word = problem("wal.io", "maped");
        assertTrue(word.contains("did you mean mapped?"), word);
        String plugin = problem("wal.codec.zstd.level", "3");
        assertTrue(plugin.contains("a plugin that is not there; add io.walnut:wal-codec-zstd"), plugin);
        String none = problem("wal.fsync", "xyz");
        assertTrue(!none.contains("did you mean"), none);
    }

    @Test
    void aMissingPluginNamesWhatIsThereAndWhatToAdd() {
        String problem = assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(
                                WalConfig.builder(directory).codec("zstd").build()))
                .getMessage();
        assertTrue(problem.contains("available: none"), problem);
        assertTrue(problem.contains("add io.walnut:wal-codec-zstd"), problem);
        String backend = assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(
                                WalConfig.builder(directory).backend("tape").build()))
                .getMessage();
        assertTrue(backend.contains("there is no backend 'tape'; available: engine"), backend);
    }

    @Test
    void mappingNeedsSpaceThatWasWritten() {
        for (String preallocator : List.of("none", "sparse", "native")) {
            WalConfig config = WalConfig.builder(directory)
                    .io("mapped")
                    .preallocator(preallocator)
                    .build();
            assertTrue(assertThrows(WalConfigException.class, () -> Wal.open(config))
                    .getMessage()
                    .contains("wal.io"));
            assertThrows(WalConfigException.class, () -> new EngineProvider().check(config));
        }
        WalConfig memory =
                WalConfig.builder(directory).io("mapped").storage("memory").build();
        assertThrows(WalConfigException.class, () -> Wal.open(memory));
    }

    @ParameterizedTest
    @CsvSource({"none, file, 1", "zero, memory, 1", "sparse, memory, 2", "zeros, memory, 2", "native, tape, 2"})
    void whatKeepsFramesFromBeingMappedIsReportedWithEverythingElse(String preallocator, String storage, int problems) {
        WalConfig config = WalConfig.from(Map.of(
                "wal.io", "mapped", "wal.preallocator", preallocator, "wal.storage", storage, "wal.segmnt.age", "1h"));
        WalConfigException e = assertThrows(WalConfigException.class, () -> Wal.open(config));
        assertEquals(problems + 2, e.problems().size(), e::getMessage); // the directory, and the key that is none
        assertThrows(WalConfigException.class, () -> Wal.openReadOnly(config));
        WalConfigException checked = assertThrows(WalConfigException.class, () -> new EngineProvider().check(config));
        assertEquals(e.problems(), checked.problems());
    }

    @Test
    void whoReadsNeedsNothingThatCanBeMapped() {
        WalConfig memory =
                WalConfig.builder(directory).set("wal.storage", "memory").build();
        try (Wal wal = Wal.open(memory)) {
            wal.append(Logs.put("key", "value"));
        }
        WalConfig mapped = memory.toBuilder().io("mapped").build();
        assertThrows(WalConfigException.class, () -> Wal.open(mapped));
        try (Wal wal = Wal.openReadOnly(mapped)) {
            assertEquals(List.of("key"), Logs.keys(wal));
        }
    }

    /** A codec with an id that is not its author's to take. */
    @Named("squatter")
    public static class Squatter implements CodecProvider {
        @Override
        public String name() {
            return "squatter";
        }

        @Override
        public int id() {
            return 7;
        }

        @Override
        public Codec create(Settings settings, PluginContext context) {
            throw new UnsupportedOperationException();
        }
    }

    /** One that takes that of another. */
    @Named("thief")
    public static final class Thief extends Squatter {
        @Override
        public String name() {
            return "thief";
        }

        @Override
        public int id() {
            return 2;
        }
    }

    @Test
    void pluginsWithReservedIdsAreReportedWithEverythingElse() throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(
                services.resolve(CodecProvider.class.getName()),
                List.of(Squatter.class.getName(), Thief.class.getName()));
        WalConfig config = WalConfig.builder(directory.resolve("log"))
                .set("wal.segmnt.bytes", "1MiB")
                .build();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            List<String> problems = assertThrows(WalConfigException.class, () -> Wal.open(config))
                    .problems();
            assertEquals(3, problems.size(), problems::toString);
            String all = String.join("\n", problems);
            assertTrue(all.contains("wal.codec: the codec 'squatter' has the id 7; "), all);
            assertTrue(all.contains("wal.codec: the codec 'thief' has the id 2; "), all);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void theBuilderMapsAndPropertiesSayTheSame() {
        WalConfig built = WalConfig.builder(directory)
                .fsync("batch")
                .fsyncWindow(Duration.ofMillis(7))
                .segmentBytes(1 << 20)
                .codec("none")
                .nodeId("node-1")
                .build();
        assertEquals(built, WalConfig.from(built.toMap()));
        Properties properties = new Properties();
        properties.putAll(built.toMap());
        assertEquals(built, WalConfig.from(properties));
        assertEquals(built, built.toBuilder().build());
        assertEquals("7000000ns", built.toMap().get("wal.fsync.batch.window"));
        try (Wal wal = Wal.open(WalConfig.from(properties))) {
            wal.append(put("a", "1"));
        }
        List<String> problems = assertThrows(WalConfigException.class, () -> Wal.open(WalConfig.from(Map.of())))
                .problems();
        assertTrue(problems.get(0).startsWith("wal.dir: has to be given"), problems.toString());
    }

    @ParameterizedTest
    @CsvSource({"zero,file", "none,file", "sparse,file", "native,file", "zero,memory", "none,memory", "sparse,memory"})
    void everyPreallocatorWorksOnEveryStorage(String preallocator, String storage) {
        WalConfig config = WalConfig.builder(directory.resolve(preallocator))
                .preallocator(preallocator)
                .storage(storage)
                .segmentBytes(64 << 10)
                .build();
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 500; i++) {
                wal.append(Logs.bytes("key"), new byte[500]);
            }
        }
        try (Wal wal = Wal.open(config)) {
            assertEquals(500, Logs.entries(wal).size());
            assertTrue(wal.recovery().clean());
        }
    }
}
