package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalLockedException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusionTest {
    @TempDir
    Path temporary;

    @Test
    void aSecondOpenInTheSameProcessIsRefusedThroughASymlinkToo() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            assertThrows(WalLockedException.class, () -> Wal.open(directory));
            Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
            assertThrows(WalLockedException.class, () -> Wal.open(link));
            wal.append(put("b", "2"));
        }
        try (Wal wal = Wal.open(directory)) {
            assertEquals(2, Logs.entries(wal).size());
        }
    }

    @Test
    void aSecondProcessIsRefusedAndToldWhoHasTheLog() throws Exception {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path")
                                    + File.pathSeparator
                                    + System.getProperty("jdk.module.path", ""),
                            SecondProcess.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(3, other.waitFor(), said);
            assertTrue(said.contains("pid " + ProcessHandle.current().pid()), said);
            wal.append(put("b", "2"));
        }
    }

    /** Opens a log in another process. */
    static final class SecondProcess {
        public static void main(String[] arguments) {
            try (Wal wal = Wal.open(Path.of(arguments[0]))) {
                System.out.println("opened " + wal);
            } catch (WalLockedException e) {
                System.out.println(e.getMessage());
                System.exit(3);
            }
        }
    }

    @Test
    void aLockFileDeletedWhileItIsHeldStopsTheLogAtTheNextSegment() throws IOException {
        Path directory = temporary.resolve("log");
        Wal wal = Wal.open(WalConfig.builder(directory).segmentBytes(64 << 10).build());
        wal.append(put("a", "1"));
        Files.delete(directory.resolve("LOCK"));
        assertThrows(WalFailedException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                wal.append(new byte[10], new byte[1000]);
            }
        });
        assertThrows(WalFailedException.class, wal::close);
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        Path directory = temporary.resolve("deep").resolve("log");
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            wal.sync();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
            for (String name : new String[] {"LOCK", "STATE", "WITNESS", "0000000001.wal"}) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))),
                        name);
            }
        }
    }

    @Test
    void whatCannotBeADirectoryIsAClearError() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");
        WalException e = assertThrows(WalException.class, () -> Wal.open(file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertThrows(WalException.class, () -> Wal.open(file.resolve("below")));
        assertEquals("x", Files.readString(file));
    }
}
