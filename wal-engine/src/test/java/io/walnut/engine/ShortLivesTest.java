package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortLivesTest {
    @TempDir
    Path directory;

    @Test
    void tenThousandLivesNeitherMakeTenThousandSegmentsNorLeakAnything() throws Exception {
        int lives = 10_000;
        WalConfig config =
                WalConfig.builder(directory).fsync("os").storage("memory").build();
        long files = openFiles();
        int threads = Thread.activeCount();
        long start = System.nanoTime();
        for (int life = 0; life < lives; life++) {
            try (Wal wal = Wal.open(config)) {
                assertEquals(life, wal.recovery().lastSequence());
                assertTrue(wal.recovery().clean());
                wal.append(new byte[16], new byte[100]);
            }
        }
        try (Wal wal = Wal.open(config)) {
            assertEquals(lives, wal.recovery().records());
            assertTrue(wal.segments().size() < 20, "segments: " + wal.segments().size());
            long bytes = wal.segments().stream().mapToLong(SegmentInfo::bytes).sum();
            assertTrue(bytes < lives * 1000L, "bytes: " + bytes);
            System.out.printf(
                    "%d lives of open, append, close: %.0f us each, %d bytes of log, %d bytes a life%n",
                    lives, (System.nanoTime() - start) / 1e3 / lives, bytes, bytes / lives);
        }
        assertTrue(openFiles() <= files + 20, "open files: " + files + " before, " + openFiles() + " after");
        assertTrue(Thread.activeCount() <= threads + 20);
    }

    @Test
    void aThousandLivesInFiles() throws Exception {
        int lives = 1_000;
        long files = openFiles();
        long start = System.nanoTime();
        for (int life = 0; life < lives; life++) {
            try (Wal wal = Wal.open(directory)) {
                assertEquals(life, wal.recovery().lastSequence());
                wal.append(new byte[16], new byte[100]);
            }
        }
        double micros = (System.nanoTime() - start) / 1e3 / lives;
        long used = 0;
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                used += Files.size(file);
            }
        }
        System.out.printf("%d lives in files: %.0f us each, %d bytes on disk%n", lives, micros, used);
        assertEquals(1, Logs.segmentFiles(directory).size());
        assertTrue(used < 1 << 20, "bytes: " + used);
        assertTrue(openFiles() <= files + 5, "open files: " + files + " before, " + openFiles() + " after");
    }

    /** {@return how many files this process has open, where the system tells; else 0} */
    private static long openFiles() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(own)) {
            return all.count();
        }
    }
}
