package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools run with the configuration of a log in production, and touch nothing of it. */
class ElsewhereTest {
    @TempDir
    Path temp;

    private Path archive;
    private Path config;

    @BeforeEach
    void configure() throws IOException {
        archive = temp.resolve("archive");
        config = Files.writeString(temp.resolve("production.properties"), """
                wal.dir=%s
                wal.dir.require=log
                wal.codec=lz4
                wal.segment.bytes=64KiB
                wal.fsync=always
                wal.archiver=directory
                wal.archiver.directory.path=%s
                wal.retention.bytes=64KiB
                wal.retention.interval=10ms
                """.formatted(temp.resolve("log"), archive));
    }

    @Test
    void shouldTakeOverWhatIsNeededToStoreAndNothingElse() {
        Map<String, String> values = Map.of(
                "wal.dir", "a",
                "wal.dir.require", "log",
                "wal.dir.mode", "rwx------",
                "wal.codec", "zstd",
                "wal.codec.zstd.level", "5",
                "wal.meter", "otel",
                "wal.meter.otel.x", "y",
                "wal.archiver.directory.path", "z",
                "wal.retention.age", "1h");
        Map<String, String> stored =
                Map.of("wal.dir", "a", "wal.dir.mode", "rwx------", "wal.codec", "zstd", "wal.codec.zstd.level", "5");
        assertEquals(stored, Elsewhere.of(values));
        assertEquals(stored.size() + 2, Elsewhere.withMeter(values).size());
    }

    @Test
    void shouldSalvageEveryRecordAndArchiveNone() {
        Logs.write(temp.resolve("log"), 1000);
        Path copy = temp.resolve("copy");
        Cli.run("salvage", "--config", config, "--to", copy).ends(0).prints("1,000 records copied");
        Cli.run("verify", copy).ends(0).prints("ok: 1,000 records");
        assertFalse(Files.exists(archive));
    }

    @Test
    void shouldShowTheDemoWithoutRetention() throws IOException {
        Path text = Files.writeString(temp.resolve("text"), ("a line of a text " + "x".repeat(900) + "\n").repeat(50));
        Cli.run("demo", text, "--config", config, "--records", 500).ends(0).prints("PASSED");
        assertFalse(Files.exists(archive));
    }

    @Test
    void shouldMeasureAndTestWithoutTheArchive() {
        Cli.run(
                        "bench",
                        "--config",
                        config,
                        "--set",
                        "wal.fsync=os",
                        "--work",
                        "prepared-1k",
                        "--runs",
                        1,
                        "--dir",
                        temp)
                .ends(0);
        Cli.run("crash", "--config", config, "--minutes", 0.01).ends(0);
        Cli.run("tck", "--config", config, "--tags", "deletion", "--reports", temp.resolve("reports"))
                .ends(0);
        assertFalse(Files.exists(archive));
    }
}
