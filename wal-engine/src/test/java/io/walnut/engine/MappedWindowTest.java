package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mapped writer sees a segment through a window that moves with the tail. */
class MappedWindowTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"16KiB", "100KiB", "32MiB"})
    void shouldStoreRecordsOfEverySizeThroughAWindowOfAnySize(String window) {
        WalConfig config = WalConfig.builder(directory)
                .fsync("os")
                .io("mapped")
                .set("wal.io.mapped.window", window)
                .set("wal.segment.bytes", "4MiB")
                .build();
        List<byte[]> values = new ArrayList<>();
        Random random = new Random(window.hashCode());
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 2_000; i++) {
                int size = random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(2_000);
                byte[] value = Logs.random(size, i);
                values.add(value);
                wal.append(new byte[] {1}, value);
                if (random.nextInt(10) == 0) {
                    wal.append(WalRecord.put(new byte[] {1}, value), Durability.DEVICE);
                    values.add(value);
                }
            }
            assertTrue(wal.segments().size() > 3);
            assertHolds(values, wal);
        }
        try (Wal wal = Wal.open(config)) {
            assertTrue(wal.recovery().clean());
            assertHolds(values, wal);
        }
    }

    @Test
    void shouldEvictWholePagesBehindTheTailBeforeTheyAreForcedAndEachOnce() {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        try (Wal wal = Engine.builder(directory)
                .storage(storage)
                .fsync((pending, append) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.io", "mapped")
                .open()) {
            wal.append(new byte[1], new byte[100]);
            wal.sync();
            long left = 0;
            for (int round = 0; round < 5; round++) {
                wal.append(new byte[1], new byte[10_000]); // by a write
                wal.append(new byte[1], new byte[10_000]);
                Position end = wal.append(new byte[1], new byte[10_000]);
                long behind = wal.end().offset();
                storage.trace.clear();
                wal.sync();
                List<String> trace = List.copyOf(storage.trace);
                String file = wal.segments().get(0).name();
                assertTrue(trace.get(0).startsWith("evict " + file + " "), trace::toString);
                assertEquals("force " + file, trace.get(1));
                String[] evicted = trace.get(0).split(" ");
                assertTrue(Long.parseLong(evicted[2]) >= left, trace::toString);
                left = Long.parseLong(evicted[3]);
                assertEquals(behind / 4096 * 4096, left);
                assertTrue(end.offset() < left);
            }
            storage.trace.clear();
            wal.append(new byte[1], new byte[10_000]); // by a write, so nothing was stored through the mapping
            wal.sync();
            assertEquals(0, storage.count("evict"));
        }
    }

    @Test
    void shouldPopulateTheNextPagesOnceAsMuchIsUnforcedAndNotAfterAForce() {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        try (Wal wal = open(storage, FsyncStrategy.NOT_BY_ITSELF)) {
            appendUpTo(wal, 15 << 20);
            assertEquals(0, storage.count("populate"));
            appendUpTo(wal, 17 << 20);
            assertEquals(List.of("20..24"), populated(storage, 1));
            appendUpTo(wal, 21 << 20);
            assertEquals(List.of("20..24", "24..28"), populated(storage, 2));
            wal.sync();
            appendUpTo(wal, 36 << 20);
            assertEquals(List.of("20..24", "24..28"), populated(storage, 2));
        }
    }

    @Test
    void shouldNotAskAgainWhereNothingIsPopulated() {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        storage.populates = false;
        try (Wal wal = open(storage, FsyncStrategy.NOT_BY_ITSELF)) {
            appendUpTo(wal, 17 << 20);
            assertEquals(List.of("20..24"), populated(storage, 1));
            appendUpTo(wal, 60 << 20);
            assertEquals(1, storage.count("populate"));
        }
    }

    @Test
    void shouldNotPopulateWhatIsForcedByItself() {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        try (Wal wal = open(storage, 3_600_000_000_000L)) {
            appendUpTo(wal, 60 << 20);
            assertEquals(0, storage.count("populate"));
        }
    }

    @Test
    void shouldCloseAFailedLogOfWhichPagesAreBeingPopulated() throws Exception {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        CountDownLatch populating = new CountDownLatch(1);
        CountDownLatch populated = new CountDownLatch(1);
        storage.populating = () -> {
            populating.countDown();
            Latches.await(populated);
        };
        Wal wal = open(storage, FsyncStrategy.NOT_BY_ITSELF);
        appendUpTo(wal, 1 << 20);
        storage.hook = (operation, file) -> {
            if (operation.equals("force")) {
                forcing.countDown();
                Latches.await(fail);
                throw new IOException("Input/output error");
            }
        };
        Thread syncing = new Thread(() -> assertThrows(WalFailedException.class, wal::sync));
        syncing.start();
        forcing.await();
        appendUpTo(wal, 17 << 20);
        populating.await();
        fail.countDown();
        syncing.join();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread closing = new Thread(() -> outcome.set(assertThrows(Throwable.class, wal::close)));
        closing.start();
        while (closing.isAlive() && !(LockSupport.getBlocker(closing) instanceof AbstractOwnableSynchronizer)) {
            Thread.onSpinWait();
        }
        populated.countDown();
        closing.join();
        assertInstanceOf(WalFailedException.class, outcome.get());
        assertEquals(WalState.CLOSED, wal.state());
        assertEquals(0, storage.openFiles());
    }

    private Wal open(WatchedStorage storage, long forceWithin) {
        return Engine.builder(directory)
                .storage(storage)
                .fsync(new FsyncStrategy() {
                    @Override
                    public long forceWithinNanos(long pendingBytes, long appendBytes) {
                        return forceWithin;
                    }

                    @Override
                    public boolean forcesByItself() {
                        return forceWithin < NOT_BY_ITSELF;
                    }
                })
                .set("wal.io", "mapped")
                .set("wal.segment.bytes", "64MiB")
                .set("wal.segment.reserve.bytes", "64MiB")
                .open();
    }

    private static void appendUpTo(Wal wal, int offset) {
        byte[] value = new byte[256 << 10];
        while (wal.end().offset() < offset) {
            wal.append(new byte[1], value);
        }
    }

    /** {@return what was populated, in MiB, once it was so often} A worker does it. */
    private static List<String> populated(WatchedStorage storage, int times) {
        while (storage.count("populate") < times) {
            Thread.onSpinWait();
        }
        return storage.trace.stream()
                .filter(each -> each.startsWith("populate "))
                .map(each -> each.split(" "))
                .map(parts -> Long.parseLong(parts[2]) / (1 << 20) + ".." + Long.parseLong(parts[3]) / (1 << 20))
                .toList();
    }

    private static void assertHolds(List<byte[]> values, Wal wal) {
        List<Entry> entries = Logs.entries(wal);
        assertEquals(values.size(), entries.size());
        for (int i = 0; i < values.size(); i++) {
            assertArrayEquals(values.get(i), entries.get(i).record().valueBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whereAFileCannotBeMappedItIsWritten(int first) {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        AtomicInteger maps = new AtomicInteger();
        storage.hook = (operation, file) -> {
            if (operation.equals("map") && maps.incrementAndGet() >= first) {
                throw new IOException("No such device");
            }
        };
        try (Wal wal = Engine.builder(directory)
                .storage(storage)
                .fsync((pending, size) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.segment.bytes", "64KiB")
                .open()) {
            for (int i = 0; i < 200; i++) {
                wal.append(new byte[] {1}, Logs.random(1000, i));
                assertEquals(i + 1, Logs.entries(wal).size(), "each is in the kernel when it is acknowledged");
            }
            assertTrue(wal.segments().size() > 2, "each segment is tried");
        }
        assertTrue(maps.get() > 2);
        assertEquals(0, storage.openFiles());
        try (Wal wal = Wal.open(directory)) {
            assertEquals(200, wal.recovery().records());
        }
    }
}
