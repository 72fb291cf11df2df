package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortLivesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void tenThousandLivesNeitherMakeTenThousandSegmentsNorLeakAnything(String storage) throws IOException {
        int lives = 10_000;
        WalConfig config =
                WalConfig.builder(directory).fsync("os").storage(storage).build();
        long files = openFiles();
        int threads = Thread.activeCount();
        long opening = 0;
        long start = System.nanoTime();
        for (int life = 0; life < lives; life++) {
            long before = System.nanoTime();
            try (Wal wal = Wal.open(config)) {
                opening += System.nanoTime() - before;
                assertEquals(life, wal.recovery().lastSequence());
                assertTrue(wal.recovery().clean());
                wal.append(new byte[16], new byte[100]);
            }
        }
        long took = System.nanoTime() - start;
        try (Wal wal = Wal.open(config)) {
            assertEquals(lives, wal.recovery().records());
            assertTrue(wal.segments().size() < 20, "segments: " + wal.segments().size());
            long bytes = wal.segments().stream().mapToLong(SegmentInfo::bytes).sum();
            assertTrue(bytes < lives * 1000L, "bytes: " + bytes);
            System.out.printf(
                    Locale.ROOT,
                    "%d lives of open, append, close in %s: %.0f us each, %.0f us of it opening; %d bytes a life in %d"
                            + " segments%n",
                    lives,
                    storage,
                    took / 1e3 / lives,
                    opening / 1e3 / lives,
                    bytes / lives,
                    wal.segments().size());
        }
        assertTrue(openFiles() <= files + 20, "open files: " + files + " before, " + openFiles() + " after");
        assertTrue(Thread.activeCount() <= threads + 20);
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
