package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.BackPressureException;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException.Outcome;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FsyncTest {
    private static final String SEGMENT = "0000000001.wal";

    private final WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
    private final List<Runnable> timers = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();

    /** Runs everything at once, and timers when the test says so. */
    private final AtOnce inline = (task, nanos) -> {
        timers.add(task);
        delays.add(nanos);
    };

    private EngineBuilder builder(FsyncStrategy strategy) {
        return Engine.builder(Path.of("unused"))
                .storage(storage)
                .fsync(strategy)
                .workers(inline);
    }

    private long forces() {
        return storage.trace.stream().filter(("force " + SEGMENT)::equals).count();
    }

    @Test
    void alwaysForcesBetweenTheWriteAndTheReturn() {
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOW).open()) {
            for (int i = 1; i <= 3; i++) {
                storage.trace.clear();
                Position position = wal.append(put("a", "1"));
                int write = storage.trace.lastIndexOf("write " + SEGMENT);
                int force = storage.trace.lastIndexOf("force " + SEGMENT);
                assertTrue(write >= 0 && force > write, storage.trace.toString());
                assertTrue(wal.durableEnd().compareTo(position) > 0);
            }
        }
    }

    @Test
    void osDoesNotForceByItself() {
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOT_BY_ITSELF).open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(put("a", "1"));
            }
            assertEquals(0, forces());
            timers.forEach(Runnable::run); // drains what is staged
            assertEquals(0, forces());
            wal.sync();
            assertEquals(1, forces());
            wal.sync();
            assertEquals(1, forces(), "nothing was pending");
        }
    }

    @Test
    void osForcesASegmentThatIsLeftOnceAndNothingAfterIt() {
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.segment.bytes", "65536")
                .open()) {
            Position last = wal.append(new byte[10], new byte[1000]);
            Position leftAt = wal.end();
            while (last.segment() == 1) {
                assertEquals(0, forces());
                leftAt = wal.end();
                last = wal.append(new byte[10], new byte[1000]);
            }
            assertEquals(2, forces(), "once before the footer, once with it");
            Position durable = wal.durableEnd();
            assertTrue(durable.compareTo(leftAt) >= 0, durable + " of " + leftAt);
            wal.append(new byte[10], new byte[1000]);
            assertEquals(durable, wal.durableEnd());
        }
    }

    @Test
    void batchForcesByATimerEvenIfNoFurtherAppendComes() {
        try (Wal wal = builder((pending, own) -> 5_000_000).open()) {
            Position last = wal.append(put("a", "1"));
            wal.append(put("a", "2"));
            assertEquals(0, forces());
            assertEquals(List.of(5_000_000L), delays, "one timer for both");
            timers.remove(0).run();
            assertEquals(1, forces());
            assertTrue(wal.durableEnd().compareTo(last) > 0);
            wal.append(put("a", "3"));
            assertEquals(1, timers.size(), "the next append starts the next window");
        }
    }

    @Test
    void aStrategyMayForceEverySoManyBytes() {
        try (Wal wal = builder((pending, own) -> pending >= 1000 ? FsyncStrategy.NOW : FsyncStrategy.NOT_BY_ITSELF)
                .open()) {
            for (int i = 0; i < 20; i++) {
                wal.append(new byte[10], new byte[100]);
            }
            assertTrue(forces() >= 2 && forces() <= 4, "forces: " + forces());
        }
    }

    @Test
    void aStrategyThatThrowsIsTakenForNow() {
        try (Wal wal = builder((pending, own) -> {
                    throw new IllegalStateException("broken");
                })
                .open()) {
            Position position = wal.append(put("a", "1"));
            assertTrue(wal.durableEnd().compareTo(position) > 0);
        }
    }

    @Test
    void unsyncedBytesAreBoundedByWaitingAndAsynchronousAppendsAreRefused() {
        try (Wal wal = builder((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.unsynced.max.bytes", "4096")
                .open()) {
            wal.append(new byte[10], new byte[3000]);
            assertEquals(0, forces());
            CompletionException refused = assertThrows(
                    CompletionException.class,
                    () -> wal.appendAsync(put("a", "x".repeat(3000))).join());
            BackPressureException reason = (BackPressureException) refused.getCause();
            assertEquals(Outcome.REJECTED, reason.outcome());
            wal.append(new byte[10], new byte[3000]);
            assertEquals(1, forces(), "the append waited for a force");
            assertEquals(2, Logs.entries(wal).size());
        }
    }

    /** Up to eight, and more than 64, are all woken by whoever forced; others wake each other. */
    @ParameterizedTest
    @ValueSource(ints = {6, 32, 100})
    @Timeout(60)
    void appendersThatWaitTogetherShareForces(int threads) throws Exception {
        CountDownLatch firstForce = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WatchedStorage held = new WatchedStorage(new MemoryStorage("memory"));
        try (Wal wal = Engine.builder(Path.of("unused"))
                .storage(held)
                .fsync((pending, own) -> FsyncStrategy.NOW)
                .open()) {
            wal.append(put("first", ""));
            held.trace.clear();
            held.hook = (operation, file) -> {
                if (operation.equals("force") && firstForce.getCount() > 0) {
                    firstForce.countDown();
                    Latches.await(goOn);
                }
            };
            List<Thread> appenders = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread appender = new Thread(() -> wal.append(put("k", "v")));
                appenders.add(appender);
                appender.start();
                if (i == 0) {
                    firstForce.await();
                }
            }
            while (wal.nextSequence() < threads + 2) { // who waits before that waits for the append lock
                Thread.onSpinWait();
            }
            for (Thread appender : appenders.subList(1, threads)) {
                while (appender.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            goOn.countDown();
            for (Thread appender : appenders) {
                appender.join();
            }
            assertEquals(threads + 1, Logs.entries(wal).size());
            assertEquals(
                    2, held.trace.stream().filter(("force " + SEGMENT)::equals).count(), "one alone, one for all");
        }
    }

    @Test
    void whoWaitsForUnsyncedBytesGoesOnWhenTheForceUnderWayEnds() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch endOfFirst = new CountDownLatch(1);
        CountDownLatch endOfSecond = new CountDownLatch(1);
        WatchedStorage held = new WatchedStorage(new MemoryStorage("memory"));
        try (Wal wal = Engine.builder(Path.of("unused"))
                .storage(held)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.unsynced.max.bytes", "4096")
                .open()) {
            wal.append(new byte[10], new byte[3000]);
            held.hook = (operation, file) -> {
                if (operation.equals("force")) {
                    CountDownLatch end = first.getCount() > 0 ? endOfFirst : endOfSecond;
                    first.countDown();
                    Latches.await(end);
                }
            };
            Thread syncing = new Thread(wal::sync);
            syncing.start();
            first.await();
            Thread appending = new Thread(() -> wal.append(new byte[10], new byte[3000]));
            appending.setDaemon(true);
            appending.start();
            while (appending.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            endOfFirst.countDown();
            appending.join(TimeUnit.MINUTES.toMillis(1));
            boolean appended = !appending.isAlive();
            endOfSecond.countDown();
            assertTrue(appended, "while the second force was still under way");
            syncing.join();
        }
    }
}
