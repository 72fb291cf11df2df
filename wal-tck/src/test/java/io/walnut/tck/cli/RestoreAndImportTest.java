package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreAndImportTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path temp;

    private Path log() {
        Path log = temp.resolve("log");
        try (Wal wal = Wal.open(Logs.small(log))) {
            for (int i = 0; i < 100; i++) {
                wal.append(WalRecord.put(Logs.bytes("k" + i), new byte[i * 20]).withTimestamp(NOON.plusSeconds(i)));
            }
            wal.append(WalRecord.delete(new byte[] {1, -1})
                    .withTimestamp(NOON.plusSeconds(200))
                    .withTtl(Duration.ofDays(1)));
            wal.append(WalRecord.put(Logs.bytes("raft"), Logs.bytes("v"))
                    .withTimestamp(NOON.plusSeconds(300))
                    .withVersion(3, 7));
            wal.checkpoints().save("consumer", wal.end());
        }
        return log;
    }

    private static List<String> dump(Path log) {
        return Cli.run("dump", log, "--format", "json").ends(0).lines();
    }

    @Test
    void shouldRestoreABackupAndVerifyIt() {
        Path log = log();
        Path backup = temp.resolve("backup");
        Cli.run("backup", log, "--to", backup).ends(0);
        Cli.run("restore", backup, "--to", temp.resolve("new"))
                .ends(0)
                .prints("102 records restored", "ok: all intact");
        assertEquals(dump(log), dump(temp.resolve("new")));
        Cli.run("stat", temp.resolve("new")).ends(0).prints("consumer at ");
        Cli.run("restore", backup, "--to", log).ends(2).complains("is there already");
        Cli.run("restore", temp, "--to", temp.resolve("x")).ends(2).complains("the root of a group");
    }

    @Test
    void shouldRestoreUpToATime() {
        Path log = log();
        Path early = temp.resolve("early");
        Cli.run("restore", log, "--to", early, "--until", NOON.plusSeconds(40))
                .ends(0)
                .prints("40 records restored");
        assertEquals(dump(log).subList(0, 40), dump(early));
        Cli.run("restore", log, "--to", temp.resolve("none"), "--until", NOON)
                .ends(2)
                .complains("no record from before");
        assertFalse(Files.exists(temp.resolve("none")));
    }

    @Test
    void shouldSayThatABackupIsDamaged() throws IOException {
        Path log = log();
        Logs.flipBit(log.resolve("0000000001.wal"), 20_000);
        Cli.run("restore", log, "--to", temp.resolve("new")).ends(1).prints("damage: ", "DAMAGED");
    }

    @Test
    void shouldImportWhatDumpPrints() throws IOException {
        Path log = log();
        Path file = Files.write(temp.resolve("dump.json"), dump(log));
        Path copy = temp.resolve("copy");
        Cli.run("import", copy, file, "--format", "json").ends(0).prints("102 records imported");
        assertEquals(withoutPlaces(dump(log)), withoutPlaces(dump(copy)));
    }

    private static List<String> withoutPlaces(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("\"position\":\"[^\"]*\",", ""))
                .toList();
    }

    @Test
    void shouldImportLinesAndAppendThemToWhatIsThere() throws IOException {
        Path text = Files.writeString(temp.resolve("text"), "one\n\nthr\u00e9e");
        Cli.run("import", temp.resolve("new"), text).ends(0).prints("3 records imported");
        Cli.run("import", temp.resolve("new"), text).ends(0).prints("3 records imported");
        Cli.run("dump", temp.resolve("new"), "--last", 1).ends(0).prints("#6 ", "thr\u00e9e");
    }

    @Test
    void shouldSayWhichLineIsWrong() throws IOException {
        Path bad = Files.writeString(temp.resolve("bad"), "{\"key\":\"a\",\"value\":\"b\"}\n{\"key\":\"a\"}\n");
        Path log = temp.resolve("log");
        Cli.run("import", log, bad, "--format", "json").ends(1).complains("line 2: the field 'value' is missing");
        Path bytes = Files.write(temp.resolve("bytes"), new byte[] {'a', '\n', (byte) 0xFF, '\n'});
        Cli.run("import", log, bytes).ends(1).complains("is not in UTF-8");
        Cli.run("import", log, temp.resolve("none")).ends(2).complains("there is no file");
        Cli.run("import", log).ends(2).complains("FILE");
    }
}
