package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalState;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
    private final MemoryStorage disk = new MemoryStorage("memory");
    private final WatchedStorage storage = new WatchedStorage(disk);

    private EngineBuilder builder(FsyncStrategy strategy) {
        return Engine.builder(Path.of("unused")).storage(storage).fsync(strategy);
    }

    private void failOn(String operation, String file, IOException failure) {
        storage.hook = (done, name) -> {
            if (done.equals(operation) && name.equals(file)) {
                throw failure;
            }
        };
    }

    @Test
    void theFirstFailedForceIsFinal() {
        IOException eio = new IOException("Input/output error");
        Wal wal = builder((pending, own) -> FsyncStrategy.NOW).open();
        Position kept = wal.append(put("kept", "1"));
        failOn("force", "0000000001.wal", eio);
        WalFailedException first = assertThrows(WalFailedException.class, () -> wal.append(put("lost", "2")));
        assertEquals(Outcome.INDETERMINATE, first.outcome());
        assertSame(eio, first.getCause());
        storage.hook = (operation, file) -> {};
        storage.trace.clear();
        WalFailedException later = assertThrows(WalFailedException.class, () -> wal.append(put("later", "3")));
        assertEquals(Outcome.REJECTED, later.outcome());
        assertSame(eio, later.getCause());
        assertThrows(WalFailedException.class, wal::sync);
        assertTrue(wal.appendAsync(put("later", "4")).isCompletedExceptionally());
        assertEquals(WalState.FAILED, wal.state());
        assertEquals(List.of("kept"), Logs.keys(wal), "reading up to the durable end works");
        assertTrue(wal.durableEnd().compareTo(kept) > 0);
        assertSame(eio, assertThrows(WalFailedException.class, wal::close).getCause());
        assertEquals(0, storage.count("force"), "nothing is forced again");
        assertEquals(WalState.CLOSED, wal.state());
        try (Wal again = builder((pending, own) -> FsyncStrategy.NOW).open()) {
            assertTrue(Logs.keys(again).contains("kept"));
            assertTrue(storage.count("write") > 0, "what is exposed was written again before it was forced");
        }
    }

    /** What is appended waits in memory for whoever first needs it in the kernel, and that may be another thread's force. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAppendWhoseBytesAnotherFailedToWriteIsNotAcknowledged(boolean closedMeanwhile) {
        Wal[] log = new Wal[1];
        boolean[] forcedMeanwhile = new boolean[1];
        FsyncStrategy strategy = (pending, own) -> {
            if (forcedMeanwhile[0]) {
                assertThrows(WalFailedException.class, log[0]::sync);
                if (closedMeanwhile) {
                    assertThrows(WalFailedException.class, log[0]::close);
                }
            }
            return FsyncStrategy.NOT_BY_ITSELF;
        };
        log[0] = builder(strategy).set("wal.io", "channel").open();
        log[0].append(put("kept", "1"));
        log[0].sync();
        IOException eio = new IOException("Input/output error");
        failOn("write", "0000000001.wal", eio);
        forcedMeanwhile[0] = true;
        WalFailedException failed = assertThrows(WalFailedException.class, () -> log[0].append(put("lost", "2")));
        assertEquals(Outcome.INDETERMINATE, failed.outcome());
        assertSame(eio, failed.getCause());
        if (!closedMeanwhile) {
            assertEquals(List.of("kept"), Logs.keys(log[0]));
            assertThrows(WalFailedException.class, log[0]::close);
        }
    }

    private static final class Always implements FsyncStrategy {
        @Override
        public long forceWithinNanos(long pendingBytes, long appendBytes) {
            return NOW;
        }

        @Override
        public boolean forcesEachAppend() {
            return true;
        }
    }

    /** The kernel tells of a page that it could not write once for each time that the file was opened. */
    @Test
    void aForceOfSpaceTakesNoErrorAwayFromTheForceOfAnAppend() {
        Thread appending = Thread.currentThread();
        AtomicInteger errors = new AtomicInteger();
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Storage kernel = new ForwardingStorage(disk) {
            @Override
            public StorageFile open(String name) throws IOException {
                return new ForwardingStorageFile(super.open(name)) {
                    private int seen = errors.get();

                    @Override
                    public void force() throws IOException {
                        boolean first = Thread.currentThread() != appending && errors.compareAndSet(0, 1);
                        int now = errors.get();
                        if (seen < now) {
                            seen = now;
                            if (first) {
                                taken.countDown();
                                Latches.await(told);
                            }
                            throw new IOException("Input/output error");
                        }
                        super.force();
                    }
                };
            }
        };
        Wal wal = Engine.builder(Path.of("unused"))
                .storage(kernel)
                .fsync(new Always()) // or space would not be forced
                .open();
        try {
            assertThrows(WalFailedException.class, () -> {
                boolean afterwards;
                do {
                    afterwards = taken.getCount() == 0;
                    wal.append(put("key", "value"));
                } while (!afterwards);
            });
        } finally {
            told.countDown();
        }
        assertThrows(WalFailedException.class, wal::close);
    }

    @Test
    void everyAppendThatWaitsLearnsOfTheFailure() throws Exception {
        Wal wal = builder((pending, own) -> FsyncStrategy.NOW).open();
        wal.append(put("kept", "1"));
        failOn("force", "0000000001.wal", new IOException("Input/output error"));
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        Thread[] appenders = new Thread[16];
        for (int i = 0; i < appenders.length; i++) {
            appenders[i] = new Thread(() -> {
                try {
                    wal.append(put("k", "v"));
                } catch (WalFailedException e) {
                    outcomes.add(e.outcome());
                }
            });
            appenders[i].start();
        }
        for (Thread appender : appenders) {
            appender.join();
        }
        assertEquals(16, outcomes.size());
        assertTrue(outcomes.contains(Outcome.INDETERMINATE));
        assertThrows(WalFailedException.class, wal::close);
    }

    @Test
    void aFailedStoreStopsTheLog() {
        Wal wal = builder((pending, own) -> FsyncStrategy.NOT_BY_ITSELF).open();
        wal.append(put("kept", "1"));
        failOn("write", "0000000001.wal", new IOException("Input/output error"));
        assertEquals(
                Outcome.INDETERMINATE,
                assertThrows(WalFailedException.class, () -> wal.append(put("lost", "2")))
                        .outcome());
        assertEquals(WalState.FAILED, wal.state());
        assertThrows(WalFailedException.class, wal::close);
    }

    @Test
    void withoutSpaceForASegmentTheAppendIsRejectedAndTheLogGoesOnWhenThereIsSome() {
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOW)
                .set("wal.segment.bytes", "64KiB")
                .open()) {
            storage.hook = (operation, file) -> {
                if (operation.equals("create") && file.endsWith(".spare")) {
                    throw new StorageFullException("No space left on device", null);
                }
            };
            WalException full = assertThrows(WalException.class, () -> wal.append(put("a", "1")));
            assertEquals(Reason.DISK_FULL, full.reason());
            assertEquals(Outcome.REJECTED, full.outcome());
            assertEquals(WalState.OPEN, wal.state());
            storage.hook = (operation, file) -> {};
            wal.append(put("b", "2"));
            assertEquals(List.of("b"), Logs.keys(wal));
        }
    }

    @Test
    void aMeterThatThrowsChangesNothing() {
        Meter broken = new Meter() {
            @Override
            public Instruments attach(MetricSource source) {
                return new Instruments() {
                    @Override
                    public void record(Metric metric, long value) {
                        throw new IllegalStateException("record");
                    }

                    @Override
                    public void event(WalEvent event) {
                        throw new StackOverflowError("event");
                    }

                    @Override
                    public void close() {
                        throw new IllegalStateException("close");
                    }
                };
            }
        };
        try (Wal wal =
                builder((pending, own) -> FsyncStrategy.NOW).meter(broken).open()) {
            wal.append(put("a", "1"));
            wal.deleteSegmentsBefore(wal.end());
        }
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOW)
                .meter(source -> {
                    throw new IllegalStateException("attach");
                })
                .open()) {
            wal.append(put("a", "1"));
        }
    }

    @Test
    void aReadErrorWhileOpeningIsNeverTakenForTheEnd() {
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOW).open()) {
            wal.append(put("a", "1"));
        }
        failOn("read", "0000000001.wal", new IOException("Input/output error"));
        WalException e = assertThrows(
                WalException.class,
                () -> builder((pending, own) -> FsyncStrategy.NOW).open());
        assertEquals(Reason.IO, e.reason());
        storage.hook = (operation, file) -> {};
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOW).open()) {
            assertFalse(Logs.entries(wal).isEmpty());
        }
    }
}
