package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A thousand logs in one group cost few threads, files and bytes; {@code -Dwalnut.group.logs=10000} tries more. */
@Timeout(600)
class ThousandLogsTest {
    private static final int LOGS = Integer.getInteger("walnut.group.logs", 1_000);
    private static final int OPEN = 200;
    private static final int THREADS = 4;
    private static final Path FILES = Path.of("/proc/self/fd");

    /** Threads of tests before this one may still be idle. */
    private final Set<Thread> others = Thread.getAllStackTraces().keySet();

    @TempDir
    Path root;

    private WalConfig config() {
        return WalConfig.builder(root)
                .set("wal.group.open.max", "" + OPEN)
                .set("wal.group.threads", "" + THREADS)
                .fsync("os")
                .build();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCostFewThreadsFilesAndBytes() throws Exception {
        long filesBefore = count(FILES);
        long started = System.nanoTime();
        try (WalGroup group = WalGroup.open(config())) {
            List<Wal> wals = new ArrayList<>();
            for (int i = 0; i < LOGS; i++) {
                Wal wal = group.wal("topic", i);
                wal.append(Logs.put("key " + i, "first"));
                wals.add(wal);
            }
            report("opened and appended to", started, filesBefore);
            assertEquals(LOGS, group.names().size());
            assertTrue(group.openLogs() <= OPEN, () -> group.openLogs() + " are open");
            assertTrue(count(FILES) - filesBefore <= 4 * OPEN + 50, () -> "files: " + FILES);
            assertTrue(threads() <= 4 * THREADS + 1, () -> threads() + " threads");
            assertTrue(bytes() <= OPEN * (64L << 10) + LOGS * (8L << 10), () -> bytes() + " bytes");
            List<CompletableFuture<?>> some = new ArrayList<>();
            for (int i = LOGS - OPEN / 2; i < LOGS; i++) {
                some.add(wals.get(i).appendAsync(Logs.put("key " + i, "second")));
            }
            CompletableFuture.allOf(some.toArray(CompletableFuture[]::new)).join();
            assertTrue(threads() <= 4 * THREADS + 1, () -> threads() + " threads");
        }
        report("closed", started, filesBefore);
        assertTrue(bytes() <= LOGS * (8L << 10), () -> bytes() + " bytes");
        try (WalGroup group = WalGroup.open(config())) {
            for (int i = 0; i < LOGS; i++) {
                List<String> expected = i < LOGS - OPEN / 2 ? List.of("key " + i) : List.of("key " + i, "key " + i);
                assertEquals(expected, Logs.keys(group.wal("topic", i)));
            }
            report("read again", started, filesBefore);
        }
        assertTrue(count(FILES) - filesBefore < 20, () -> "files are left open");
    }

    private void report(String what, long since, long before) throws IOException {
        System.out.printf(
                "%d logs %s after %d ms: %d threads, %d files, %d KiB%n",
                LOGS, what, (System.nanoTime() - since) / 1_000_000, threads(), count(FILES) - before, bytes() >> 10);
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("walnut-") && !others.contains(thread))
                .count();
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    /** What the segments take on the disk. */
    private long bytes() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".wal"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
