package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.BackPressureException;
import io.walnut.api.Durability;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Metrics;
import io.walnut.spi.Preallocator;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.WalEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What appends do when they cannot go on: on a full disk, and when the device does not keep up. */
class PatienceTest {
    private static final long METER_NANOS = 10_000_000; // after which a meter is told what is not urgent

    private static final Preallocator GROWING = new Preallocator() {
        @Override
        public void reserve(StorageFile file, long from, long to) {}

        @Override
        public boolean fills() {
            return false;
        }
    };

    private final WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
    private final RecordingMeter meter = new RecordingMeter();
    private final List<Long> pauses = new ArrayList<>();
    private int triesUntilFree = Integer.MAX_VALUE;

    /** Everything at once, in the thread that asks; a pause is over at once, and may free space. */
    private final AtOnce inline = (task, nanos) -> {
        if (nanos != METER_NANOS) {
            pauses.add(nanos);
        }
        if (pauses.size() == triesUntilFree) {
            storage.hook = (operation, file) -> {};
        }
        task.run();
    };

    private EngineBuilder builder() {
        return Engine.builder(Path.of("unused"))
                .storage(storage)
                .meter(meter)
                .set("wal.segment.bytes", "64KiB")
                .set("wal.full.retry.pause", "7ms")
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF);
    }

    private void fillDisk(String operation) {
        storage.hook = (done, file) -> {
            if (done.equals(operation) && (file.endsWith(".spare") || operation.equals("write"))) {
                throw new StorageFullException("No space left on device", null);
            }
        };
    }

    @Test
    void anAppendThatFindsNoSpaceIsTriedAgainInGrowingPausesUntilThereIsSome() {
        triesUntilFree = 9;
        fillDisk("create");
        try (Wal wal =
                builder().workers(inline).set("wal.full.retry.limit", "10s").open()) {
            wal.append(put("a", "1"));
            assertEquals(List.of("a"), Logs.keys(wal));
            List<Long> millis = pauses.stream().map(nanos -> nanos / 1_000_000).toList();
            assertEquals(List.of(7L, 14L, 28L, 56L, 112L, 224L, 448L, 896L, 1000L), millis);
            assertEquals(9, meter.value(Metrics.WRITE_RETRIES));
            assertEquals(9, meter.events(WalEvent.WriteRetried.class).size());
            assertEquals(
                    Duration.ofMillis(7),
                    meter.events(WalEvent.WriteRetried.class).get(0).pause());
        }
    }

    @Test
    void anAppendThatWasTriedAgainIsCountedOnce() {
        try (Wal wal = builder()
                .preallocator(GROWING)
                .set("wal.io", "channel")
                .workers(inline)
                .open()) {
            wal.append(put("a", "1"));
            wal.sync(); // so that the next append brings a note of that with it
            fillDisk("write");
            Map<String, Long> before = meter.byAttribute(Metrics.BYTES_APPENDED);
            assertThrows(WalException.class, () -> wal.append(put("b", "2")));
            assertEquals(before, meter.byAttribute(Metrics.BYTES_APPENDED));
            storage.hook = (operation, file) -> {};
            wal.append(put("b", "2"));
            wal.sync();
            long bytes = meter.value(Metrics.BYTES_APPENDED);
            assertEquals(wal.end().offset() - SegmentHeader.BYTES, bytes);
        }
    }

    @Test
    void spaceThatIsNotReservedIsWaitedForToo() {
        triesUntilFree = 2;
        try (Wal wal = builder()
                .workers(inline)
                .set("wal.full.retry.limit", "10s")
                .set("wal.io", "channel")
                .preallocator(GROWING)
                .open()) {
            wal.append(put("a", "1"));
            wal.sync();
            fillDisk("write");
            wal.append(put("b", "2"), Durability.KERNEL);
            assertEquals(List.of("a", "b"), Logs.keys(wal));
            assertEquals(2, pauses.size());
        }
    }

    @Test
    void whenTheTimeIsOverItIsRejectedAndTheLogGoesOnWithoutReopening() {
        try (Wal wal =
                builder().workers(inline).set("wal.full.retry.limit", "25ms").open()) {
            fillDisk("create");
            WalException full = assertThrows(WalException.class, () -> wal.append(put("a", "1")));
            assertEquals(Reason.DISK_FULL, full.reason());
            assertEquals(Outcome.REJECTED, full.outcome());
            assertEquals(List.of(7_000_000L, 14_000_000L, 4_000_000L), pauses, "the last pause ends with the time");
            CompletionException refused = assertThrows(
                    CompletionException.class,
                    () -> wal.appendAsync(put("b", "2")).join());
            assertEquals(Reason.DISK_FULL, ((WalException) refused.getCause()).reason());
            assertEquals(3, pauses.size(), "an asynchronous append does not wait");
            assertEquals(WalState.OPEN, wal.state());
            storage.hook = (operation, file) -> {};
            wal.append(put("c", "3"));
            assertEquals(List.of("c"), Logs.keys(wal));
        }
    }

    @Test
    void anAppendThatWaitsForSpaceEndsWhenTheLogIsClosed() throws Exception {
        CountDownLatch pausing = new CountDownLatch(1);
        AtOnce withoutTimers = (task, nanos) -> {
            if (nanos != METER_NANOS) {
                pausing.countDown();
            }
        };
        fillDisk("create");
        Wal wal = builder()
                .workers(withoutTimers)
                .set("wal.full.retry.limit", "10s")
                .open();
        CompletableFuture<Void> append = CompletableFuture.runAsync(() -> wal.append(put("a", "1")));
        assertTrue(pausing.await(20, TimeUnit.SECONDS));
        wal.close();
        ExecutionException ended = assertThrows(ExecutionException.class, () -> append.get(20, TimeUnit.SECONDS));
        assertEquals(Reason.CLOSED, ((WalException) ended.getCause()).reason());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pastTheLimitOfUnforcedBytesAppendsAreRefusedOrWaitAsConfigured(boolean refuse) {
        try (Wal wal = builder()
                .set("wal.unsynced.max.bytes", "8KiB")
                .set("wal.unsynced.policy", refuse ? "refuse" : "wait")
                .workers(inline)
                .open()) {
            WalRecord record = WalRecord.put(new byte[3], new byte[3000]);
            wal.append(record);
            wal.append(record);
            if (refuse) {
                BackPressureException refused = assertThrows(BackPressureException.class, () -> wal.append(record));
                assertEquals(Outcome.REJECTED, refused.outcome());
            }
            wal.append(record);
            assertEquals(3, Logs.entries(wal).size());
        }
    }

    @Test
    void anAsynchronousAppendThatIsRefusedCanBeTriedAgain() {
        try (Wal wal =
                builder().set("wal.unsynced.max.bytes", "8KiB").workers(inline).open()) {
            WalRecord record = WalRecord.put(new byte[3], new byte[3000]);
            wal.append(record);
            wal.append(record);
            CompletionException refused = assertThrows(
                    CompletionException.class, () -> wal.appendAsync(record).join());
            assertEquals(Reason.BACK_PRESSURE, ((WalException) refused.getCause()).reason());
            wal.appendAsync(record).join();
            assertEquals(3, Logs.entries(wal).size());
        }
    }

    @Test
    void aStreamedValueThatIsRefusedInItsMiddleLeavesRoomForOthers() {
        AtOnce withoutTimers = (task, nanos) -> {};
        try (Wal wal = builder()
                .fsync((pending, own) -> TimeUnit.MILLISECONDS.toNanos(5))
                .set("wal.record.chunk.bytes", "4KiB")
                .set("wal.unsynced.max.bytes", "8KiB")
                .set("wal.unsynced.policy", "refuse")
                .workers(withoutTimers)
                .open()) {
            WalRecord streamed = WalRecord.put(new byte[3], new byte[0]);
            assertThrows(BackPressureException.class, () -> wal.append(streamed, Logs.counting(100_000), 100_000));
            wal.append(WalRecord.put(new byte[3], new byte[6000]));
            assertEquals(1, Logs.entries(wal).size());
        }
    }

    @Test
    void waitingForTheDeviceEndsWithTheTimeThatIsSet() throws Exception {
        CountDownLatch forcing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Wal wal = builder()
                .set("wal.unsynced.max.bytes", "8KiB")
                .set("wal.unsynced.timeout", "1ms")
                .open()) {
            WalRecord record = WalRecord.put(new byte[3], new byte[3000]);
            wal.append(record);
            wal.append(record);
            storage.hook = (operation, file) -> {
                if (operation.equals("force") && file.endsWith(".wal")) {
                    forcing.countDown();
                    Latches.await(goOn);
                }
            };
            CompletableFuture<Void> syncing = CompletableFuture.runAsync(wal::sync);
            forcing.await();
            assertThrows(BackPressureException.class, () -> wal.append(record));
            assertThrows(BackPressureException.class, () -> wal.append(record));
            goOn.countDown();
            syncing.join();
            wal.append(record);
            assertEquals(3, Logs.entries(wal).size());
            assertTrue(meter.value(Metrics.BACK_PRESSURE_WAITS) >= 2);
        }
    }
}
