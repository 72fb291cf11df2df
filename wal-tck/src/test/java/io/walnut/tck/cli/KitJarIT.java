package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.tck.kit.Daily;
import io.walnut.tck.strangers.Stranger;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged kit, run as users run it, on the running JDK. */
class KitJarIT {
    @TempDir
    Path temp;

    @Test
    void shouldWriteKillRecoverAndLetItselfBeLookedInto() throws Exception {
        Path log = temp.resolve("log");
        run("demo", "--dir", log, "--records", 5000, "--seed", 7, "--codec", "zstd")
                .ends(0)
                .prints("seed        7", "exit code 137", "PASSED");

        run("verify", log).ends(0).prints("all intact");
        run("stat", log).ends(0).prints("closed in order", "0000000001.wal");

        List<Map<String, Object>> records =
                Json.lines(run("dump", log, "--format", "json").ends(0).out());
        assertTrue(records.size() >= 2500);
        for (int i = 0; i < records.size(); i++) {
            assertEquals(String.valueOf(i), records.get(i).get("key"));
            assertEquals(i + 1L, records.get(i).get("sequence"));
        }
    }

    @Test
    void shouldListItsPluginsAndKeys() throws Exception {
        run("plugins").ends(0).prints("engine", "lz4", "zstd", "otel");
        run("config").ends(0).prints("wal.codec.zstd.level");
        Path page = Path.of("docs", "configuration.md");
        assertEquals(
                Files.readString(Checkout.rootWith(page.toString()).resolve(page)),
                run("config", "--markdown").ends(0).out());
    }

    @Test
    void shouldMeasure() throws Exception {
        run("bench", "--scale", "tiny", "--runs", 1, "--dir", temp, "--work", "prepared-1k,open-killed,codec-lz4")
                .ends(0)
                .prints("prepared-1k", "batch", "open-killed", "records recovered", "codec-lz4");
    }

    @Test
    void shouldCrashAConfiguredLog() throws Exception {
        Path config = Files.writeString(temp.resolve("x.properties"), "wal.codec=zstd\nwal.io=channel\n");
        run("crash", "--minutes", 0.05, "--config", config, "--seed", 7)
                .ends(0)
                .prints("seed        7", "crash states recovered and checked", "PASSED");
        run("crash", "--config", config, "--replay", "x|strict|SMALL,SYNC|7|20|kill")
                .ends(0)
                .prints("PASSED");
    }

    @Test
    void shouldPrintUtf8WhateverTheLocale() throws Exception {
        Path text = Files.writeString(temp.resolve("text"), "Walnuß\n");
        Path log = temp.resolve("log");
        run("demo", text, "--dir", log, "--records", 1).ends(0);

        run("dump", log, "--limit", 1).ends(0).prints("\"Walnuß\"");
    }

    @Test
    void shouldRunItsSuitesOverConfigurationsAndPluginsOfStrangers() throws Exception {
        Path plugins = temp.resolve("plugins");
        for (String name : List.of("run-length-codec", "every-bytes-fsync", "totals-meter")) {
            Stranger.build(name, temp.resolve("built"));
            Files.createDirectories(plugins);
            Files.move(temp.resolve("built").resolve(name).resolve("main"), plugins.resolve(name));
        }
        Path theirs = Files.writeString(
                temp.resolve("theirs.properties"),
                "wal.codec=run-length\nwal.fsync=every-bytes\nwal.fsync.every-bytes.bytes=64KiB\nwal.meter=totals\n");
        Path ours = Files.writeString(temp.resolve("ours.properties"), "wal.codec=zstd\nwal.io=channel\n");
        Path reports = temp.resolve("reports");
        List<String> tags = new ArrayList<>(ALWAYS);
        tags.addAll(Daily.share(KitJarIT.class, TAGS, 4, 0));

        run(
                        "tck",
                        "--config",
                        theirs + "," + ours,
                        "--plugin-path",
                        plugins,
                        "--seed",
                        11,
                        "--reports",
                        reports,
                        "--tags",
                        String.join(",", tags))
                .ends(0)
                .prints("seed 11", "theirs", "ours", "W101", "C123", "M113", "over 2 configurations", " 0 failed");

        assertTrue(Files.readString(reports.resolve("tck.html")).contains("class=\"PASSED\""));
        assertTrue(Files.list(reports).anyMatch(file -> file.toString().endsWith(".xml")));
    }

    @Test
    void shouldWriteReportsWhereItIsRunUnlessItIsToldWhere() throws Exception {
        Path reports = temp.toRealPath().resolve("walnut-reports");

        runIn(temp, "tck", "--tags", "fsync").ends(0).prints("reports in " + reports + ": tck.html and JUnit XML");

        assertTrue(Files.exists(reports.resolve("tck.html")));
        try (Stream<Path> files = Files.list(reports)) {
            assertTrue(files.anyMatch(file -> file.toString().endsWith(".xml")));
        }
    }

    @Test
    void shouldTellWhichRuleOfWhichConfigurationFailed() throws Exception {
        Path plugins = temp.resolve("plugins");
        Path directory = Files.createDirectories(plugins.resolve("lying"));
        Compiler.compile(directory, "sample.LyingCodecProvider", LYING_CODEC);
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.walnut.spi.CodecProvider"), "sample.LyingCodecProvider\n");
        Path good = Files.writeString(temp.resolve("good.properties"), "wal.codec=lz4\n");
        Path bad = Files.writeString(temp.resolve("bad.properties"), "wal.codec=lying\n");

        Cli run = runIn(temp, "tck", "--config", good + "," + bad, "--plugin-path", plugins, "--tags", "codec,records")
                .ends(1)
                .prints("FAILED C111", "with bad", "look at array offsets", "FAILED W402", "FAILED: ");
        assertTrue(run.lines().stream().noneMatch(line -> line.contains("with good")), run::out);
    }

    @Test
    void shouldTestABackendOfAStranger() throws Exception {
        Stranger backend = Stranger.build("mvstore-backend", temp.resolve("built"));
        backend.bring("h2-mvstore");
        String plugins = Files.createDirectories(temp.resolve("none")) + File.pathSeparator + backend.main();
        Path config = Files.writeString(temp.resolve("mv.properties"), "wal.backend=mvstore\n");

        runIn(
                        temp,
                        "tck",
                        "--config",
                        config,
                        "--plugin-path",
                        plugins,
                        "--tags",
                        "ordering,batches,deletion,crash,storage")
                .ends(0)
                .prints(
                        "W101",
                        "skipped: the backend does not claim SEGMENT_DELETION: W601",
                        "the backend mvstore does not tell its parts",
                        "PASSED");
    }

    /** All but those that are about resources and child processes, which take their time. */
    private static final List<String> TAGS = List.of(
            "preallocator",
            "storage",
            "async",
            "batches",
            "readers",
            "records",
            "limits",
            "deletion",
            "configuration",
            "lifecycle",
            "concurrency");

    /** Of the parts that strangers bring, and what the test looks for. */
    private static final List<String> ALWAYS = List.of("codec", "fsync", "meter", "ordering");

    private static final String LYING_CODEC = """
            package sample;
            import io.walnut.spi.*;
            import io.walnut.spi.config.*;
            import java.nio.ByteBuffer;
            @jakarta.inject.Named("lying")
            public final class LyingCodecProvider implements CodecProvider {
                public LyingCodecProvider() {}
                public String name() { return "lying"; }
                public int id() { return 201; }
                public Codec create(Settings settings, PluginContext context) {
                    return new Codec() {
                        public int id() { return 201; }
                        public int maxCompressedBytes(int plainBytes) { return plainBytes; }
                        public void compress(ByteBuffer plain, ByteBuffer target) {
                            target.put((byte) 1);
                            plain.position(plain.limit());
                        }
                        public void decompress(ByteBuffer compressed, ByteBuffer target) {
                            compressed.position(compressed.limit());
                            target.position(target.limit());
                        }
                    };
                }
            }
            """;

    @Test
    void shouldSayWhatIsWrong() throws Exception {
        run("demo", temp.resolve("none")).ends(2).complains("there is no file");
        run("dump", temp.resolve("none")).ends(2).complains("there is no directory");
        run("verify", temp).ends(2).complains("there is no log in");
        run("stat").ends(2).complains("which log?");
        run("plugins", "--plugin-path", temp.resolve("none")).ends(1).complains("wal.plugin.path");
        Path config = Files.writeString(temp.resolve("bad.properties"), "wal.codec=lzzz\n");
        run("config", "--check", config).ends(1).prints("wal.dir: has to be given", "there is no 'lzzz'");
    }

    private Cli run(Object... args) throws IOException, InterruptedException {
        return runIn(Path.of("").toAbsolutePath(), args);
    }

    private Cli runIn(Path directory, Object... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar().toString()));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        Path out = Files.createTempFile(temp, "out", ".txt");
        Path err = Files.createTempFile(temp, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.directory(directory.toFile()).environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        int exitCode = process.waitFor();
        return new Cli(exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err));
    }

    private static Path jar() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target"), "wal-tck-*-all.jar")) {
            return jars.iterator().next().toAbsolutePath();
        }
    }
}
