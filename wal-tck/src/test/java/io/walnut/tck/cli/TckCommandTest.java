package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TckCommandTest {
    @TempDir
    Path temp;

    @Test
    void shouldRunTheRulesOfATagOverEachConfiguration() throws IOException {
        Path plain = properties("plain", "");
        Path small = properties("small", "wal.codec=lz4\nwal.fsync=os\nwal.dir=/nowhere\n");

        Cli run = run("--config", plain + "," + small, "--tags", "codec,fsync,records", "--seed", 7)
                .ends(0)
                .prints("seed 7", "plain", "small", "C111", "F111", "W408", "PASSED", "over 2 configurations")
                .prints("skipped: the configuration has no codec: C101");

        assertTrue(run.lines().stream().anyMatch(line -> line.matches("C111 .* skip +ok")), run::out);
        assertTrue(run.lines().stream().noneMatch(line -> line.startsWith("W101")), run::out);
    }

    @Test
    void shouldWriteReportsThatCanBeMailed() throws IOException {
        run("--tags", "fsync").ends(0).prints("reports in " + reports() + ": tck.html and JUnit XML");

        Path reports = reports();
        String page = Files.readString(reports.resolve("tck.html"));
        assertTrue(page.contains("F112") && page.contains("class=\"PASSED\""), page);
        assertEquals(-1, page.indexOf("http"), "the page needs something from elsewhere");
        try (Stream<Path> files = Files.list(reports)) {
            Path xml = files.filter(file -> file.toString().endsWith(".xml"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(Files.readString(xml).contains("F112"));
        }
    }

    @Test
    void shouldFailWhereNothingWasRun() {
        run("--tags", "nonsense")
                .ends(2)
                .complains("there is no such tag; available: ", "checkpoints", "codec", "truncation");
        run("--tags", "codec").ends(1).prints("FAILED: 18 rules", "0 passed");
    }

    @Test
    void shouldTellWhatIsWrongWithAConfiguration() throws IOException {
        run("--config", properties("wrong", "wal.codec=lzzz\n")).ends(2).complains("wrong", "lzzz");
        run("--set", "wal.backend=ledger").ends(2).complains("ledger", "available: engine");
        run("--config", temp.resolve("none")).ends(2).complains("there is no file");
        run("--plugin-path", temp.resolve("none")).ends(2).complains("cannot be read");
    }

    /** Not into the working directory, where reports go by default. */
    private Cli run(Object... options) {
        return Cli.run(Stream.concat(Stream.of("tck", "--reports", reports()), Stream.of(options))
                .toArray());
    }

    private Path reports() {
        return temp.resolve("reports");
    }

    private Path properties(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name + ".properties"), text);
    }
}
