package io.walnut.engine.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.WalLockedException;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the packaged engine locks, which only the kernel can tell. */
class OpenFileLockIT {
    private static final Path LOCKS = Path.of("/proc/locks");

    @TempDir
    Path directory;

    @Test
    void readingTheLockFileDropsNoLock() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "the overlay needs JDK 22 or later");
        assumeTrue(Files.exists(LOCKS), "this system does not tell its locks");
        Path file = directory.resolve("LOCK");
        try (Storage storage = new FileStorage(directory);
                StorageLock lock = storage.lock("LOCK")) {
            Files.readAllBytes(file);
            String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            List<String> locks = Files.readAllLines(LOCKS);
            assertTrue(
                    locks.stream().anyMatch(line -> line.contains("OFDLCK") && line.contains(inode)),
                    () -> inode + " is not in " + locks);
            assertEquals("", lock.lost());
            assertThrows(WalLockedException.class, () -> storage.lock("LOCK"));
            lock.close();
            storage.lock("LOCK").close();
        }
    }
}
