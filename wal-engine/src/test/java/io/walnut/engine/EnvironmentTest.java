package io.walnut.engine;

import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import io.walnut.engine.log.Workers;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks, threads and devices that do what they like. */
class EnvironmentTest {
    private final WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));

    private EngineBuilder builder() {
        return Engine.builder(Path.of("unused")).storage(storage).set("wal.segment.bytes", "65536");
    }

    /** Gives these times, one after the other, for ever. */
    private static final class JumpingClock extends Clock {
        private static final List<Instant> TIMES = List.of(
                Instant.ofEpochSecond(1_800_000_000),
                Instant.EPOCH,
                Instant.ofEpochSecond(9_000_000_000L),
                Instant.ofEpochSecond(-5_000_000_000L),
                Instant.ofEpochSecond(1_700_000_000));
        private int next;

        @Override
        public synchronized Instant instant() {
            return TIMES.get(next++ % TIMES.size());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {FsyncStrategy.NOW, FsyncStrategy.NOT_BY_ITSELF})
    void aClockThatJumpsChangesStampsAndNothingElse(long when) {
        List<Position> positions = new ArrayList<>();
        for (int life = 0; life < 3; life++) {
            try (Wal wal = builder()
                    .clock(new JumpingClock())
                    .fsync((pending, size) -> when)
                    .open()) {
                for (int i = 0; i < 300; i++) {
                    positions.add(wal.append(new byte[] {1}, Logs.random(500, positions.size())));
                }
                wal.sync();
                List<Entry> entries = entries(wal);
                assertEquals(positions, entries.stream().map(Entry::position).toList());
                for (int i = 0; i < entries.size(); i++) {
                    assertEquals(i + 1L, entries.get(i).sequence());
                }
            }
        }
        assertTrue(positions.get(899).segment() > 4, "segments were changed on the way");
    }

    @Test
    void closingWhileOthersAppendGivesEachAppendOneOutcome() throws Exception {
        for (int round = 0; round < 20; round++) {
            Wal wal = builder().fsync((pending, size) -> FsyncStrategy.NOW).open();
            long before = wal.recovery().lastSequence();
            CountDownLatch started = new CountDownLatch(4);
            List<CompletableFuture<Long>> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                CompletableFuture<Long> acknowledged = new CompletableFuture<>();
                threads.add(acknowledged);
                Thread thread = new Thread(() -> acknowledged.complete(appendUntilItIsClosed(wal, started)));
                thread.setDaemon(true);
                thread.start();
            }
            started.await();
            wal.close();
            long acknowledged = 0;
            for (CompletableFuture<Long> each : threads) {
                acknowledged += each.get(1, TimeUnit.MINUTES);
            }
            try (Wal again = builder().open()) {
                long there = again.recovery().lastSequence() - before;
                assertTrue(there >= acknowledged && there <= acknowledged + 4, there + " for " + acknowledged);
                assertTrue(again.recovery().clean(), again.recovery()::toString);
            }
        }
    }

    private static long appendUntilItIsClosed(Wal wal, CountDownLatch started) {
        for (long acknowledged = 0; ; acknowledged++) {
            try {
                if (acknowledged % 3 == 0) {
                    wal.appendAsync(put("a", "1")).join();
                } else {
                    wal.append(put("a", "1"));
                }
            } catch (RuntimeException e) {
                Throwable why = e instanceof WalException ? e : e.getCause();
                return why instanceof WalException known && known.reason() == Reason.CLOSED ? acknowledged : -100_000;
            }
            started.countDown();
        }
    }

    @Test
    void withoutThreadsEveryAppendHasAnOutcomeAndTheLogGoesOnWhenThereAreSome() throws Exception {
        AtomicBoolean none = new AtomicBoolean(true);
        Workers scarce = new Workers() {
            @Override
            public void execute(Runnable task) {
                if (none.get()) {
                    throw new RejectedExecutionException("no threads");
                }
                Workers.shared().execute(task);
            }

            @Override
            public void schedule(Runnable task, long nanos) {
                if (none.get()) {
                    throw new RejectedExecutionException("no threads");
                }
                Workers.shared().schedule(task, nanos);
            }
        };
        int acknowledged = 0;
        try (Wal wal = builder()
                .workers(scarce)
                .fsync((pending, size) -> FsyncStrategy.NOW)
                .open()) {
            for (int i = 0; i < 1000; i++) {
                none.set(i / 100 % 2 == 0);
                CompletableFuture<Position> outcome = wal.appendAsync(put("a", "" + i));
                try {
                    outcome.get(1, TimeUnit.MINUTES);
                    acknowledged++;
                } catch (ExecutionException e) {
                    WalException why = (WalException) e.getCause();
                    assertEquals(Outcome.REJECTED, why.outcome(), why::getMessage);
                }
            }
            assertTrue(acknowledged >= 500, "with threads it goes on");
            assertEquals(WalState.OPEN, wal.state());
            none.set(true);
        }
        try (Wal wal = builder().open()) {
            assertTrue(wal.recovery().clean());
            assertEquals(acknowledged, entries(wal).size());
        }
    }

    @Test
    void callersOfAForceThatHangsCanGiveUpWithoutHarm() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        try (Wal wal =
                builder().fsync((pending, size) -> FsyncStrategy.NOT_BY_ITSELF).open()) {
            wal.append(put("a", "0"));
            storage.hook = (operation, file) -> {
                if (operation.equals("force")) {
                    Latches.await(hangs);
                }
            };
            CompletableFuture<Position> waiting = wal.appendAsync(put("a", "1"));
            assertThrows(TimeoutException.class, () -> waiting.get(1, TimeUnit.MILLISECONDS));
            wal.append(put("a", "2"));
            assertEquals(3, entries(wal).size(), "others append and read meanwhile");
            hangs.countDown();
            Position position = waiting.get(1, TimeUnit.MINUTES);
            assertTrue(wal.durableEnd().compareTo(position) > 0);
        }
    }

    @Test
    void aReadErrorOfAnOpenLogNamesFileAndPositionAndHarmsNothing() {
        try (Wal wal = builder().open()) {
            Position position = wal.append(put("a", "1"));
            wal.sync();
            storage.hook = (operation, file) -> {
                if (operation.equals("read")) {
                    throw new IOException("Input/output error");
                }
            };
            WalException failed = assertThrows(WalException.class, () -> entries(wal));
            assertEquals(Reason.IO, failed.reason());
            assertEquals("0000000001.wal", failed.file().orElseThrow());
            assertEquals(position.segment(), failed.position().orElseThrow().segment());
            storage.hook = (operation, file) -> {};
            wal.append(put("a", "2"));
            try (WalReader reader = wal.read(position)) {
                assertTrue(reader.next(), "it is the reader's trouble alone");
                assertTrue(reader.next(), "and others append");
            }
        }
    }
}
