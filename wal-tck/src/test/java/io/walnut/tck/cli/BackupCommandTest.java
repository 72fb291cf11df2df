package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandTest {
    @TempDir
    Path temp;

    @Test
    void shouldCopyALogBesideItsWriter() {
        Path log = temp.resolve("log");
        try (Wal wal = Wal.open(Logs.small(log))) {
            Logs.append(wal, 200);
            Cli.run("backup", log, "--to", temp.resolve("copy")).ends(0).prints("200 records copied to ", "up to ");
            Logs.append(wal, 10);
        }
        Cli.run("verify", temp.resolve("copy")).ends(0).prints("200 records", "all intact");
        Cli.run("verify", log).ends(0).prints("210 records", "all intact");
    }

    @Test
    void shouldReplaceNothing() throws IOException {
        Path log = temp.resolve("log");
        Logs.write(log, 10);
        Map<String, Integer> before = Logs.contents(log);
        Cli.run("backup", log, "--to", log).ends(2).complains("there already");
        Cli.run("backup", log).ends(2).complains("--to");
        Cli.run("backup", temp.resolve("nowhere"), "--to", temp.resolve("copy")).ends(2);
        assertEquals(before, Logs.contents(log));
    }
}
