package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Preallocator;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    private final List<String> reserved = new CopyOnWriteArrayList<>();
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private final CountDownLatch fiveReserved = new CountDownLatch(5);

    private final Preallocator recording = new Preallocator() {
        @Override
        public void reserve(StorageFile file, long from, long to) throws IOException {
            reserved.add(from / MIB + "-" + to / MIB);
            threads.add(Thread.currentThread().getName());
            fiveReserved.countDown();
            file.truncate(to);
        }

        @Override
        public boolean fills() {
            return false;
        }
    };

    @Test
    void spaceIsReservedInStepsThatDoubleAndNeverByAnAppender() throws InterruptedException {
        try (Wal wal = Engine.builder(Path.of("unused"))
                .storage(new MemoryStorage("memory"))
                .preallocator(recording)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.segment.bytes", "8MiB")
                .open()) {
            for (int i = 0; i < 7 * 1024 + 200; i++) {
                wal.append(new byte[24], new byte[1000]);
            }
            assertEquals(1, wal.segments().size());
            assertTrue(fiveReserved.await(1, TimeUnit.MINUTES), reserved::toString);
        }
        assertEquals(List.of("0-1", "1-2", "2-4", "4-8"), reserved.subList(0, 4));
        assertTrue(reserved.get(4).startsWith("0-"), "and then the next segment: " + reserved);
        assertTrue(threads.stream().noneMatch(Thread.currentThread().getName()::equals), threads.toString());
    }

    @Test
    void anAppendThatWaitsForSpaceWaitsForAPartOfItOnly() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch appended = new CountDownLatch(1);
        List<String> parts = new CopyOnWriteArrayList<>();
        Preallocator slow = new Preallocator() {
            @Override
            public void reserve(StorageFile file, long from, long to) throws IOException {
                if (file.name().equals("0000000002.wal")) {
                    parts.add(from / 1024 + "-" + to / 1024);
                    Latches.await(parts.size() == 1 ? waiting : appended);
                }
                file.truncate(to);
            }

            @Override
            public boolean fills() {
                return false;
            }
        };
        try (Wal wal = Engine.builder(directory)
                .preallocator(slow)
                .set("wal.segment.bytes", "64KiB")
                .set("wal.segment.reserve.bytes", "4KiB")
                .open()) {
            try {
                CompletableFuture<Void> second = new CompletableFuture<>();
                Thread appender = new Thread(() -> {
                    while (wal.segments().size() < 2) {
                        wal.append(new byte[24], new byte[1000]);
                    }
                    second.complete(null);
                });
                appender.start();
                while (parts.isEmpty() || appender.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                waiting.countDown();
                second.get(1, TimeUnit.MINUTES);
            } finally {
                waiting.countDown();
                appended.countDown();
            }
        }
        assertEquals(List.of("4-32", "32-64"), parts.subList(0, 2));
    }

    @Test
    void whatBecomesDueWhileSpaceIsPreparedIsNotForgotten() throws Exception {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        CountDownLatch appended = new CountDownLatch(1);
        CountDownLatch created = new CountDownLatch(1);
        storage.hook = (operation, file) -> {
            if (operation.equals("force") && file.equals("0000000001.wal")) {
                Latches.await(appended); // the last step of the first segment is usable, and is being forced
            }
            if (operation.equals("create") && file.equals("0000000002.spare")) {
                created.countDown();
            }
        };
        try (Wal wal = Engine.builder(Path.of("unused"))
                .storage(storage)
                .fsync((pending, own) -> TimeUnit.HOURS.toNanos(1))
                .set("wal.segment.bytes", "2MiB")
                .open()) {
            try {
                for (int i = 0; i < 1500; i++) {
                    wal.append(new byte[24], new byte[1000]);
                }
            } finally {
                appended.countDown();
            }
            assertTrue(created.await(1, TimeUnit.MINUTES));
            assertEquals(1, wal.segments().size());
        }
    }

    @Test
    void aLogCreatesItsFirstSegmentAtTheFirstAppendAndSealingGivesBackWhatIsNotUsed() throws IOException {
        try (Wal wal = Wal.open(directory)) {
            assertEquals(List.of(), Logs.segmentFiles(directory));
            wal.append(new byte[10], new byte[100]);
            assertEquals(MIB, Files.size(Logs.segmentFiles(directory).get(0)));
        }
        assertTrue(Files.size(Logs.segmentFiles(directory).get(0)) < 5000);
    }

    @Test
    void theSpaceOfDeletedSegmentsIsFreeAtOnceEvenIfTheyWereMapped() throws Exception {
        try (Wal wal = Engine.builder(directory)
                .set("wal.segment.bytes", "16MiB")
                .set("wal.io", "mapped")
                .open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(new byte[10], new byte[1 << 20]);
            }
            wal.sync();
            wal.deleteSegmentsBefore(wal.end());
            try (Stream<Path> maps = Files.list(Path.of("/proc/self/fd"))) {
                long deleted = maps.filter(each -> {
                            try {
                                return Files.readSymbolicLink(each).toString().contains(directory.toString())
                                        && Files.readSymbolicLink(each)
                                                .toString()
                                                .contains("(deleted)");
                            } catch (IOException e) {
                                return false;
                            }
                        })
                        .count();
                assertEquals(0, deleted, "no handle keeps a deleted segment");
            }
            assertTrue(
                    Files.readAllLines(Path.of("/proc/self/maps")).stream()
                            .noneMatch(each -> each.contains(directory.toString()) && each.contains("(deleted)")),
                    "nothing keeps a deleted segment mapped");
        }
    }
}
