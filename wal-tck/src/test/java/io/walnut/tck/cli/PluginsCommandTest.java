package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsCommandTest {
    private static final String METER = """
            package sample;
            import io.walnut.spi.*;
            import io.walnut.spi.config.*;
            @jakarta.inject.Named("sample")
            public final class SampleMeterProvider implements MeterProvider {
                public SampleMeterProvider() { %s }
                public String name() { return "sample"; }
                public String version() { return "4.2"; }
                public ConfigSpec config() {
                    return ConfigSpec.of(ConfigKey.of("colour", ConfigType.STRING, "A colour.").withDefault("red"));
                }
                public Meter create(Settings settings, PluginContext context) { throw new IllegalStateException(); }
            }
            """;

    @TempDir
    Path temp;

    @Test
    void shouldListThePartsThatAreThere() {
        Cli list = Cli.run("plugins").ends(0);
        for (String part : new String[] {
            "backend +engine",
            "storage +file",
            "storage +memory",
            "fsync +always",
            "fsync +batch",
            "fsync +os",
            "preallocator +zero",
            "codec +lz4",
            "codec +zstd",
            "meter +none",
            "meter +jfr",
            "meter +log",
            "meter +otel",
            "archiver +none",
            "archiver +directory"
        }) {
            assertTrue(list.lines().stream().anyMatch(line -> line.matches(part + " +.* yes .*")), part);
        }
    }

    @Test
    void shouldListAPluginWithItsVersionAndOrigin() throws IOException {
        Path plugin = plugin("");

        Cli list = Cli.run("plugins", "--plugin-path", temp).ends(0);

        assertTrue(
                list.lines().stream().anyMatch(line -> line.matches("meter +sample +4\\.2 +yes .*" + plugin + ".*")),
                list::out);
        Cli.run("plugins", "--plugin-path", plugin).ends(0).prints("sample");
        Cli.run("config", "--plugin-path", temp).ends(0).prints("wal.meter.sample.colour  (string, default red)");
    }

    @Test
    void shouldTellWhyAPluginCannotBeUsed() throws IOException {
        plugin("throw new IllegalStateException(\"no ink\");");

        Cli.run("plugins", "--plugin-path", temp).ends(1).prints("sample", "NO: ", "cannot be used");
    }

    @Test
    void shouldTellThatThePluginPathIsNotThere() {
        Cli.run("plugins", "--plugin-path", temp.resolve("none")).ends(1).complains("wal.plugin.path", "none");
        Cli.run("plugins", "--plugin-path", temp)
                .ends(1)
                .complains("wal.plugin.path", "holds neither jars nor directories");
    }

    @Test
    void shouldTellThatThereIsNoSuchBackend() {
        Cli.run("plugins", "--set", "wal.backend=ledger").ends(2).complains("ledger", "available: engine");
    }

    private Path plugin(String constructor) throws IOException {
        Path directory = Files.createDirectories(temp.resolve("sample-meter"));
        Compiler.compile(directory, "sample.SampleMeterProvider", METER.formatted(constructor));
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.walnut.spi.MeterProvider"), "sample.SampleMeterProvider\n");
        return directory;
    }
}
