package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {
    @TempDir(factory = FastDirectory.class)
    Path temp;

    @Test
    void shouldKeepTheNewestBackupsAndRestoreTheLog() throws IOException {
        Backups backups = new Backups(temp.resolve("backups"), 2);
        try (Wal log = Wal.open(temp.resolve("log"))) {
            for (int i = 1; i <= 3; i++) {
                log.append(("key " + i).getBytes(UTF_8), new byte[100]);
                backups.take(log);
            }
            log.append("lost".getBytes(UTF_8), new byte[100]);
        }
        assertEquals(2, backups.all().size());
        backups.restore(temp.resolve("restored"));
        try (Wal restored = Wal.open(temp.resolve("restored"))) {
            assertEquals(4, restored.nextSequence());
            restored.append("key 4".getBytes(UTF_8), new byte[100]);
        }
        assertEquals(2, backups.all().size());
    }
}
