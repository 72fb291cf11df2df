package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairAndSalvageTest {
    private static final long SEED = 2304;

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
        Map<String, Integer> before = Logs.contents(log);
        Cli.run("verify", log).ends(1);
        Cli.run("repair", log)
                .ends(1)
                .prints(
                        "keeps sequences 1 to ",
                        "drops sequences ",
                        "intact records among them, acknowledged",
                        "salvage would keep ",
                        "REFUSED",
                        "--yes",
                        "Nothing was changed");
        Cli.run("repair", log, "--dry-run").ends(0).prints("drops sequences ", "nothing was changed");
        assertEquals(before, Logs.contents(log));
        Cli.run("repair", log, "--yes").ends(0).prints("repaired: ", "all intact", "before-repair-1");
        Cli.run("verify", log).ends(0).prints("all intact");
        Map<String, Integer> kept = Logs.contents(log.resolve("before-repair-1"));
        before.remove("LOCK");
        assertEquals(before, kept);
    }

    /** Opening does not find it, readers do. */
    @Test
    void shouldRepairDamageInsideOfASealedSegment() throws IOException {
        Logs.flipBit(log.resolve("0000000002.wal"), 20_000);
        Cli.run("repair", log)
                .ends(1)
                .prints("drops sequences 71 to 200", "129 intact records", "salvage would keep 199");
        Cli.run("repair", log, "--yes", "--discard").ends(0).prints("repaired: 70 records, all intact");
        Cli.run("verify", log).ends(0).prints("70 records", "all intact");
        assertFalse(Files.exists(log.resolve("before-repair-1")));
    }

    @Test
    void shouldSayThatSalvageKeepsEverythingWhereAHeaderIsDamaged() throws IOException {
        for (int i = 0; i < 4; i++) {
            Logs.flipBit(log.resolve("0000000002.wal"), 40 + i);
        }
        Cli.run("repair", log).ends(1).prints("opening is refused", "salvage would keep 200 records");
        Cli.run("salvage", log, "--to", temp.resolve("new")).ends(0).prints("200 records copied", "nothing is missing");
    }

    @Test
    void shouldLeaveAnIntactLogAlone() throws IOException {
        Map<String, Integer> before = Logs.contents(log);
        Cli.run("repair", log).ends(0).prints("nothing is damaged");
        assertEquals(before, Logs.contents(log));
    }

    /** Without --yes nothing is lost, and with it nothing silently. */
    @Test
    void shouldLoseNoRecordSilentlyWhateverBitIsFlipped() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 12; i++) {
            Path copy = Logs.copy(log, temp.resolve("copy" + i));
            String name = i % 3 == 0 ? "STATE" : "000000000" + (1 + i % 4) + ".wal";
            long offset = (long) (random.nextDouble() * Files.size(copy.resolve(name)));
            Logs.flipBit(copy.resolve(name), offset);
            String what = "seed " + SEED + ": " + name + " at " + offset;
            Map<String, Integer> before = Logs.contents(copy);
            Cli repaired = Cli.run("repair", copy);
            if (repaired.exitCode() == 1) {
                assertEquals(before, Logs.contents(copy), what);
                repaired = Cli.run("repair", copy, "--yes");
                assertTrue(repaired.out().contains("drops ") || repaired.out().contains("REFUSED"), what + repaired);
            } else {
                Cli.run("verify", copy).ends(0).prints("200 records");
            }
        }
    }

    @Test
    void shouldRefuseATargetThatIsNotEmptyAndALogThatIsNotThere() {
        Cli.run("salvage", log, "--to", log).ends(2).complains("is not empty");
        Cli.run("salvage", log).ends(2).complains("--to");
        Cli.run("salvage", log, "--to", Logs.file(temp.resolve("file"))).ends(2).complains("is not a directory");
        Cli.run("repair", temp.resolve("nowhere")).ends(2).complains("there is no directory");
    }
}
