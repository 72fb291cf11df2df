package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairAndSalvageTest {
    @TempDir
    Path temp;

    private Path log;

    @BeforeEach
    void write() {
        log = temp.resolve("log");
        Logs.write(log, 200);
    }

    @Test
    void shouldSalvageEverythingOfAnIntactLog() {
        Cli.run("salvage", log, "--to", temp.resolve("new")).ends(0).prints("200 records copied", "nothing is missing");
        Cli.run("verify", temp.resolve("new")).ends(0).prints("200 records", "all intact");
    }

    @Test
    void shouldSalvageAroundDamageAndTellTheGap() throws IOException {
        Logs.flipBit(log.resolve("0000000002.wal"), 20_000);
        Map<String, Integer> before = Logs.contents(log);
        Cli.run("salvage", log, "--to", temp.resolve("new"))
                .ends(1)
                .prints("missing: sequence ", "0000000002.wal from offset", "199 records copied", "1 record missing");
        assertEquals(before, Logs.contents(log));
        Cli.run("verify", temp.resolve("new")).ends(0).prints("all intact");
    }

    @Test
    void shouldSayWhoHasTheLogOpenInsteadOfSalvagingIt() {
        try (Wal open = Wal.open(Logs.small(log))) {
            Cli.run("salvage", log, "--to", temp.resolve("new")).ends(1).complains("is already open");
            open.sync();
        }
    }

    @Test
    void shouldRepairALogThatDoesNotOpen() throws IOException {
        Files.delete(log.resolve("0000000002.wal"));
        Cli.run("verify", log).ends(1);
        Cli.run("repair", log).ends(0).prints("missing", "quarantine/");
        Cli.run("verify", log).ends(0).prints("all intact");
    }

    @Test
    void shouldRefuseATargetThatIsNotEmptyAndALogThatIsNotThere() {
        Cli.run("salvage", log, "--to", log).ends(2).complains("is not empty");
        Cli.run("salvage", log).ends(2).complains("--to");
        Cli.run("salvage", log, "--to", Logs.file(temp.resolve("file"))).ends(2).complains("is not a directory");
        Cli.run("repair", temp.resolve("nowhere")).ends(2).complains("there is no directory");
    }
}
