package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.engine.log.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortLivesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"file, 300, 2000", "memory, 1500, 10000"}) // each life forces files
    void manyLivesNeitherMakeManySegmentsNorLeakAnything(String storage, int everyBuild, int all) throws IOException {
        int lives = Daily.rounds(everyBuild, all);
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

    /** Found by the fault sweep: the last segment was taken for one that had never been used, and deleted. */
    @Test
    void aLogThatIsClosedWhileItsLastSegmentIsBeingContinuedLosesNothing() throws InterruptedException {
        try (Wal wal = Wal.open(directory)) {
            wal.append(new byte[16], new byte[100]);
        }
        BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
        AtomicBoolean hold = new AtomicBoolean(true);
        Workers workers = new Workers() {
            @Override
            public void execute(Runnable task) {
                if (hold.get()) {
                    held.add(task);
                } else {
                    task.run();
                }
            }

            @Override
            public void schedule(Runnable task, long nanos) {}
        };
        Wal wal = Engine.builder(directory).workers(workers).open();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread appending = new Thread(() -> {
            try {
                wal.append(new byte[16], new byte[100]);
            } catch (WalException e) {
                outcome.set(e);
            }
        });
        appending.start();
        Runnable preparing = held.take();
        hold.set(false);
        Thread closing = new Thread(wal::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        preparing.run();
        closing.join();
        appending.join();
        assertInstanceOf(WalClosedException.class, outcome.get());
        try (Wal again = Wal.open(directory)) {
            assertEquals(1, again.recovery().records());
            assertTrue(again.recovery().clean());
            again.append(new byte[16], new byte[100]);
        }
        try (Wal again = Wal.open(directory)) {
            assertEquals(2, again.recovery().records());
            assertEquals(1, again.segments().size(), "it is still continued");
        }
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
