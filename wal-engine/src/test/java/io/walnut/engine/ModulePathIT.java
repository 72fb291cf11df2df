package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged modules as strangers use them, each time in a JVM of its own. */
class ModulePathIT {
    private static final String MAIN = "example.application.Main";

    @TempDir
    Path temporary;

    private String walnut;
    private Path application;

    @BeforeEach
    void build() throws IOException {
        String inject = Modules.library("jakarta.inject");
        walnut = Modules.path(jar("wal-api"), jar("wal-spi"), jar("wal-engine"), inject);
        application = Modules.jar("application", Modules.path(jar("wal-api")), temporary.resolve("build"));
    }

    private static Path jar(String module) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", module, "target"))) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath()
                    .normalize();
        }
    }

    /** How the application is started on the module path, with these options of the JVM. */
    private List<String> onTheModulePath(String... options) {
        return with(List.of(options), "-p", Modules.path(walnut, application), "-m", "example.application/" + MAIN);
    }

    private List<String> onTheClassPath() {
        return List.of("-cp", Modules.path(walnut, application), MAIN);
    }

    private static List<String> with(List<String> start, String... more) {
        return Stream.concat(start.stream(), Stream.of(more)).toList();
    }

    /** Runs the application with a log of this name, and keys and values; gives what it said after it had read its record. */
    private String run(List<String> start, String log, String... configuration)
            throws IOException, InterruptedException {
        List<String> command = with(with(start, temporary.resolve(log).toString()), configuration);
        String said = Modules.java(command.toArray(String[]::new));
        assertTrue(said.contains("read 100 bytes of PUT"), said);
        return said;
    }

    @Test
    void anApplicationThatRequiresTheApiAloneRunsWithTheEngineOnItsModulePath() throws Exception {
        String said = run(onTheModulePath(), "log");
        assertTrue(said.contains("module io.walnut.api"), said);
    }

    @Test
    void theSameApplicationRunsOnTheClassPath() throws Exception {
        String said = run(onTheClassPath(), "log");
        assertTrue(said.contains("module null"), said);
    }

    @Test
    void pluginsOnThePluginPathAreModulesInLayersOfTheirOwn() throws Exception {
        Path plugins = temporary.resolve("plugins");
        for (String name : List.of("xor-codec", "counting-meter")) {
            Files.createDirectories(plugins.resolve(name));
            Files.copy(
                    Modules.jar(name, walnut, temporary.resolve("build")),
                    plugins.resolve(name).resolve(name + ".jar"));
        }
        String each = Modules.path(plugins.resolve("xor-codec"), plugins.resolve("counting-meter"));
        for (String path : List.of(plugins.toString(), each)) {
            for (List<String> start : List.of(onTheModulePath(), onTheClassPath())) {
                String said = run(start, "log", "wal.plugin.path", path, "wal.codec", "xor", "wal.meter", "counting");
                assertTrue(said.contains("counted 1 in log"), said);
            }
        }
    }

    @Test
    void servicesOnTheModulePathAndOnTheClassPathAgree() throws IOException {
        java.lang.module.ModuleDescriptor engine = java.lang.module.ModuleFinder.of(jar("wal-engine"))
                .find("io.walnut.engine")
                .orElseThrow()
                .descriptor();
        for (java.lang.module.ModuleDescriptor.Provides provided : engine.provides()) {
            Path list = Path.of("src", "main", "resources", "META-INF", "services", provided.service());
            assertEquals(
                    provided.providers().stream().sorted().toList(),
                    Files.readAllLines(list).stream().sorted().toList());
        }
        assertEquals(6, engine.provides().size());
    }

    @Test
    void theKernelReservesSpaceWhereTheOverlayIsActive() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "the overlay needs JDK 22 or later");
        String said =
                run(onTheModulePath("--enable-native-access=io.walnut.engine"), "log", "wal.preallocator", "native");
        assertFalse(said.contains("wal.preallocate.fallback"), said);
        String refused = run(onTheModulePath(), "other", "wal.preallocator", "native");
        assertTrue(refused.contains("wal.preallocate.fallback"), refused);
    }

    @Test
    void aLogIsRecordedIfTheModuleOfTheFlightRecorderIsAdded() throws Exception {
        Path recording = temporary.resolve("recording.jfr");
        run(
                onTheModulePath("--add-modules", "jdk.jfr", "-XX:StartFlightRecording:filename=" + recording),
                "log",
                "wal.meter",
                "jfr");
        assertTrue(jdk.jfr.consumer.RecordingFile.readAllEvents(recording).stream()
                .anyMatch(event -> event.getEventType().getName().equals("io.walnut.Recovery")));
    }

    @Test
    void importModuleBringsTheWholeApi() throws Exception {
        assumeTrue(Runtime.version().feature() >= 25, "import module needs JDK 25");
        Path source = Files.writeString(temporary.resolve("Imports.java"), """
                import module io.walnut.api;

                class Imports {
                    public static void main(String[] arguments) {
                        try (Wal wal = Wal.open(java.nio.file.Path.of(arguments[0]))) {
                            Position position = wal.append(WalRecord.put("k".getBytes(), "v".getBytes()));
                            WalReader reader = wal.read(position);
                            System.out.println(reader.next() + " " + reader.record().kind());
                        }
                    }
                }
                """);
        String said = Modules.java(
                "-p",
                walnut,
                "--add-modules",
                "io.walnut.api,io.walnut.engine",
                source.toString(),
                temporary.resolve("log").toString());
        assertTrue(said.contains("true PUT"), said);
    }
}
