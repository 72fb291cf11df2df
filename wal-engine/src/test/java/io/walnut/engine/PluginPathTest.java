package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.UnknownCodecException;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.spi.BackendProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins of strangers, each in a directory of its own, found by a Walnut on the class path. */
class PluginPathTest {
    @TempDir
    static Path temporary;

    private static Path plugins;

    @BeforeAll
    static void build() throws Exception {
        plugins = temporary.resolve("plugins");
        for (String name : List.of("xor-codec", "counting-meter")) {
            Path directory = Files.createDirectories(plugins.resolve(name));
            Path jar = Modules.jar(
                    name,
                    Modules.path(
                            Modules.library("wal-api"), Modules.library("wal-spi"), Modules.library("jakarta.inject")),
                    temporary.resolve("build"));
            Files.copy(jar, directory.resolve(name + ".jar"));
        }
    }

    private WalConfig.Builder config(String log) {
        return WalConfig.builder(temporary.resolve(log)).pluginPath(plugins);
    }

    @Test
    void aCodecAndAMeterFromThePluginPathServeALog() {
        byte[] value = new byte[1000];
        try (Wal wal = Wal.open(config("log")
                .codec("xor")
                .set("wal.codec.xor.mask", "17")
                .meter("counting")
                .build())) {
            wal.append(new byte[0], value);
            wal.append(WalRecord.put(new byte[0], value).withCodec("none"));
            wal.append(new byte[0], Logs.random(100, 1));
        }
        assertEquals("3", System.getProperty("example.counted"));
        try (Wal wal = Wal.open(config("log").set("wal.codec.xor.mask", "17").build())) {
            assertEquals(3, Logs.entries(wal).size());
            assertEquals(1000, Logs.entries(wal).get(0).record().value().remaining());
            assertTrue(wal.segments().get(0).bytes() < 4096 + 2000, "the first value was compressed");
        }
        try (Wal wal = Wal.open(WalConfig.builder(temporary.resolve("log")).build());
                WalReader reader = wal.read(io.walnut.api.Position.START)) {
            UnknownCodecException e = assertThrows(UnknownCodecException.class, reader::next);
            assertTrue(e.getMessage().contains("id 200"), e.getMessage());
            assertThrows(NoSuchElementException.class, reader::value, "what is stored is not the value");
            assertThrows(UnknownCodecException.class, reader::next, "it is not passed over");
        }
    }

    /** Opens a log with the codec and the meter that are on the path. */
    private static void opens(String log, String... directories) {
        Wal.open(WalConfig.builder(temporary.resolve(log))
                        .set("wal.plugin.path", String.join(File.pathSeparator, directories))
                        .codec("xor")
                        .meter("counting")
                        .build())
                .close();
    }

    @Test
    void eachDirectoryOnThePathIsOnePlugin() throws Exception {
        String xor = plugins.resolve("xor-codec").toString();
        String counting = plugins.resolve("counting-meter").toString();
        opens("each", xor, counting);
        opens("empty", "", xor, "", counting, "");
        Path unpacked = temporary.resolve("build").resolve("xor-codec-classes");
        opens("unpacked", unpacked.toString(), counting);
    }

    @Test
    void aDirectoryOnThePathMayHoldPluginsAndJarsOfItsOwn() throws Exception {
        Path mixed = Files.createDirectories(temporary.resolve("mixed"));
        Files.copy(plugins.resolve("counting-meter/counting-meter.jar"), mixed.resolve("counting-meter.jar"));
        Path inside = Files.createDirectories(mixed.resolve("inside"));
        Files.copy(plugins.resolve("xor-codec/xor-codec.jar"), inside.resolve("xor-codec.jar"));
        opens("mixed", mixed.toString());
    }

    @Test
    void everyDirectoryOnThePathThatIsOfNoUseIsTold() throws Exception {
        Path empty = Files.createDirectories(temporary.resolve("empty-directory"));
        Path jar = plugins.resolve("xor-codec/xor-codec.jar");
        List<String> problems = assertThrows(
                        WalConfigException.class,
                        () -> opens("useless", empty.toString(), plugins.toString(), jar.toString()))
                .problems();
        assertEquals(2, problems.size(), problems::toString);
        assertTrue(
                problems.get(0).startsWith("wal.plugin.path: '" + empty + "' holds neither jars nor directories"),
                problems::toString);
        assertTrue(
                problems.get(1).startsWith("wal.plugin.path: the directory '" + jar + "' cannot"), problems::toString);
    }

    @Test
    void itsKeysAreCheckedAndGuessed() {
        List<String> problems = assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(config("keys")
                                .codec("xor")
                                .set("wal.codec.xor.mask", "256")
                                .set("wal.codec.xor.mas", "1")
                                .build()))
                .problems();
        assertEquals(2, problems.size(), problems.toString());
        assertTrue(problems.get(1).contains("did you mean wal.codec.xor.mask?"), problems.toString());
    }

    @Test
    void theSameNameTwiceNamesBothPlaces() throws Exception {
        Path twice = temporary.resolve("twice");
        for (String each : List.of("first", "second")) {
            Path directory = Files.createDirectories(twice.resolve(each));
            Files.copy(plugins.resolve("xor-codec").resolve("xor-codec.jar"), directory.resolve("xor-codec.jar"));
        }
        String problem = assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(WalConfig.builder(temporary.resolve("dup"))
                                .pluginPath(twice)
                                .build()))
                .getMessage();
        assertTrue(problem.contains("two plugins are called 'xor'"), problem);
        assertTrue(problem.contains("first") && problem.contains("second"), problem);
    }

    @Test
    void aPluginPathThatIsNoneIsAClearError() {
        String problem = assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(WalConfig.builder(temporary.resolve("none"))
                                .pluginPath(temporary.resolve("nowhere"))
                                .build()))
                .getMessage();
        assertTrue(problem.startsWith("wal.plugin.path: the directory"), problem);
    }

    @Test
    void toolsSeeEveryPartWithItsKeys() {
        List<BackendProvider.Part> parts =
                new EngineProvider().parts(config("tools").build());
        assertEquals("engine", parts.get(0).name());
        BackendProvider.Part xor = parts.stream()
                .filter(part -> part.name().equals("xor"))
                .findFirst()
                .orElseThrow();
        assertEquals("wal.codec.xor.", xor.prefix());
        assertEquals("mask", xor.config().keys().get(0).name());
        assertTrue(xor.origin().contains("xor-codec.jar"), xor.origin());
        assertEquals("", xor.problem());
        new EngineProvider().check(config("tools").build());
    }
}
