package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalGroup;
import io.walnut.engine.fsync.OsProvider;
import io.walnut.engine.log.Workers;
import io.walnut.engine.storage.FileStorage;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Metrics;
import io.walnut.spi.Storage;
import io.walnut.spi.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streaming: from anywhere, at the pace of each subscriber, and with a clear end. */
@Timeout(60)
class PublisherTest {
    /** Does everything on the thread that asks for it, so that nothing is left to chance. */
    private static final AtOnce AT_ONCE = (task, nanos) -> {};

    private final MemoryStorage memory = new MemoryStorage("streams");

    @TempDir
    Path temp;

    private Wal open(Storage storage) {
        return open(storage, AT_ONCE);
    }

    private Wal open(Storage storage, Workers workers) {
        OsProvider os = new OsProvider();
        return Engine.builder(temp)
                .storage(storage)
                .workers(workers)
                .executor(Runnable::run)
                .fsync(os.create(
                        Settings.defaultsOf(os.config()),
                        EngineOptions.of(WalConfig.builder(temp).build()).context()))
                .set("wal.segment.bytes", "64KiB")
                .open();
    }

    private static void append(Wal wal, int count) {
        for (int i = 0; i < count; i++) {
            wal.append(Logs.put("key " + i, "value"));
        }
    }

    private static Subscriber subscribe(Flow.Publisher<Entry> publisher, long first) {
        Subscriber subscriber = new Subscriber(first);
        publisher.subscribe(subscriber);
        return subscriber;
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void shouldPublishWhatIsDurableAndThenWhatBecomesSo() {
        try (Wal wal = open(memory)) {
            append(wal, 3);
            Subscriber subscriber = subscribe(wal.publisher(Position.START), Long.MAX_VALUE);
            assertEquals(List.of(), subscriber.entries);
            wal.sync();
            assertEquals(upTo(3), subscriber.sequences());
            append(wal, 2);
            assertEquals(upTo(3), subscriber.sequences());
            wal.sync();
            assertEquals(Logs.entries(wal), subscriber.entries);
        }
    }

    @Test
    void shouldPublishWhatIsAcknowledgedIfToldSo() {
        try (Wal wal = open(memory)) {
            Subscriber subscriber = subscribe(wal.publisher(Position.START, ReadOptions.DEFAULT), Long.MAX_VALUE);
            append(wal, 3);
            assertEquals(upTo(3), subscriber.sequences());
        }
    }

    @Test
    void shouldWaitForARecordThatIsNotDurableYet() {
        try (Wal wal = open(memory)) {
            append(wal, 2);
            wal.sync();
            append(wal, 1);
            Position third = wal.positionOf(3);
            append(wal, 1);
            Subscriber subscriber = subscribe(wal.publisher(third), Long.MAX_VALUE);
            Subscriber following = subscribe(wal.publisher(wal.end()), Long.MAX_VALUE);
            assertFalse(subscriber.end.isDone());
            wal.sync();
            append(wal, 1);
            wal.sync();
            assertEquals(List.of(3L, 4L, 5L), subscriber.sequences());
            assertEquals(List.of(5L), following.sequences());
        }
    }

    @Test
    void shouldDeliverNoMoreThanIsRequested() {
        try (Wal wal = open(memory)) {
            append(wal, 1_000);
            wal.sync();
            Subscriber none = subscribe(wal.publisher(Position.START), 0);
            Subscriber some = subscribe(wal.publisher(Position.START), 3);
            assertEquals(List.of(), none.entries);
            assertEquals(upTo(3), some.sequences());
            some.request(700);
            none.request(Long.MAX_VALUE);
            assertEquals(upTo(703), some.sequences());
            assertEquals(upTo(1_000), none.sequences());
            some.cancel();
            some.request(1);
            assertEquals(703, some.entries.size());
        }
    }

    @Test
    void shouldHoldNoThreadWithoutDemandOrData() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        try (Wal wal = open(memory)) {
            append(wal, 2);
            wal.sync();
            Subscriber subscriber = new Subscriber(1);
            wal.publisher(Position.START, ReadOptions.DEFAULT, tasks::add).subscribe(subscriber);
            runAll(tasks);
            append(wal, 1); // which nobody waits for
            assertEquals(0, tasks.size());
            subscriber.request(2);
            runAll(tasks);
            assertEquals(0, tasks.size());
            subscriber.request(Long.MAX_VALUE);
            runAll(tasks);
            append(wal, 1);
            assertEquals(1, tasks.size());
            append(wal, 1);
            assertEquals(1, tasks.size());
            runAll(tasks);
            assertEquals(upTo(5), subscriber.sequences());
            subscriber.cancel();
        }
    }

    private static void runAll(Queue<Runnable> tasks) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void shouldTellWhereToContinueWhenWhatComesNextWasDeleted() {
        try (Wal wal = open(memory)) {
            while (wal.segments().size() < 4) {
                append(wal, 100);
            }
            wal.sync();
            Subscriber slow = subscribe(wal.publisher(Position.START), 10);
            Subscriber quick = subscribe(wal.publisher(Position.START), Long.MAX_VALUE);
            List<Entry> all = Logs.entries(wal);

            wal.deleteSegmentsBefore(wal.segments().get(2).start());

            PositionUnavailableException told =
                    assertInstanceOf(PositionUnavailableException.class, slow.end.getNow(null));
            assertEquals(wal.start(), told.start());
            assertEquals(all.get(10).position(), told.position().orElseThrow());
            Subscriber again = subscribe(wal.publisher(told.start()), Long.MAX_VALUE);
            assertEquals(Logs.entries(wal), again.entries);
            append(wal, 1);
            wal.sync();
            assertEquals(all.size() + 1, quick.entries.size());
            assertFalse(quick.end.isDone());
        }
    }

    private static final ReadOptions IN_A_DAY =
            ReadOptions.DEFAULT.skipExpired(InstantSource.fixed(Instant.now().plus(Duration.ofDays(1))));

    private static void appendWhatExpires(Wal wal, int segments) {
        for (int until = wal.segments().size() + segments; wal.segments().size() < until; ) {
            wal.append(Logs.put("key", "value").withTtl(Duration.ofHours(1)));
        }
    }

    @Test
    void shouldGoOnWhenOnlyWhatWasSkippedAsExpiredIsDeleted() {
        try (Wal wal = open(memory)) {
            append(wal, 1);
            Subscriber subscriber = subscribe(wal.publisher(Position.START, IN_A_DAY), Long.MAX_VALUE);
            appendWhatExpires(wal, 2);
            assertEquals(2, wal.deleteSegmentsBefore(wal.segments().get(2).start()));
            append(wal, 1);
            assertFalse(subscriber.end.isDone(), () -> "" + subscriber.end.join());
            assertEquals(List.of(1L, wal.nextSequence() - 1), subscriber.sequences());
        }
    }

    @Test
    void shouldGoOnWhenOnlyWhatWasSkippedAsExpiredIsTruncated() {
        try (Wal wal = open(memory)) {
            append(wal, 1);
            Subscriber subscriber = subscribe(wal.publisher(Position.START, IN_A_DAY), Long.MAX_VALUE);
            appendWhatExpires(wal, 2);
            wal.truncateAfter(wal.start());
            append(wal, 1);
            assertFalse(subscriber.end.isDone(), () -> "" + subscriber.end.join());
            assertEquals(List.of(1L, 2L), subscriber.sequences());
        }
    }

    @Test
    void shouldTellWhoHasGotWhatIsTruncated() {
        try (Wal wal = open(memory)) {
            append(wal, 10);
            wal.sync();
            Subscriber ahead = subscribe(wal.publisher(Position.START), Long.MAX_VALUE);
            Subscriber behind = subscribe(wal.publisher(Position.START), 5);
            wal.truncateAfter(wal.positionOf(6));
            append(wal, 1);
            wal.sync();
            assertInstanceOf(PositionUnavailableException.class, ahead.end.getNow(null));
            behind.request(Long.MAX_VALUE);
            assertEquals(Logs.entries(wal), behind.entries);
        }
    }

    @Test
    void shouldRefuseAPositionThatIsNotThereWithoutBeingAsked() {
        try (Wal wal = open(memory)) {
            append(wal, 1);
            Subscriber subscriber = subscribe(wal.publisher(new Position(9, 9)), 0);
            PositionUnavailableException told =
                    assertInstanceOf(PositionUnavailableException.class, subscriber.end.getNow(null));
            assertEquals(wal.start(), told.start());
        }
    }

    @Test
    void shouldCompleteWhenTheLogIsClosedForWhoHasAll() {
        Wal wal = open(memory);
        Subscriber empty = subscribe(wal.publisher(Position.START), 0);
        append(wal, 3);
        Subscriber all = subscribe(wal.publisher(Position.START), 3);
        Subscriber behind = subscribe(wal.publisher(Position.START), 2);
        wal.close();
        assertEquals(upTo(3), all.sequences());
        assertTrue(all.end.isDone());
        assertNull(all.end.getNow(null));
        assertEquals(upTo(2), behind.sequences());
        assertInstanceOf(WalClosedException.class, behind.end.getNow(null));
        assertInstanceOf(WalClosedException.class, empty.end.getNow(null));
        assertInstanceOf(
                WalClosedException.class,
                subscribe(wal.publisher(Position.START), 1).end.getNow(null));
    }

    @Test
    void shouldLetASubscriberCloseTheLogThatIsBeingClosed() {
        Wal wal = open(memory);
        append(wal, 3);
        wal.sync();
        Subscriber closing = new Subscriber(Long.MAX_VALUE) {
            @Override
            public void onComplete() {
                wal.close();
                super.onComplete();
            }
        };
        wal.publisher(Position.START).subscribe(closing);
        inTime(wal::close);
        assertNull(closing.end.getNow(new AssertionError("not complete")));
    }

    @Test
    void shouldLetASubscriberAppendWhenTheLogIsTruncated() {
        Wal wal = open(memory, Workers.shared());
        append(wal, 10);
        wal.sync();
        Subscriber appending = new Subscriber(10) {
            @Override
            public void onError(Throwable failure) {
                wal.append(Logs.put("instead", ""));
                super.onError(failure);
            }
        };
        wal.publisher(Position.START).subscribe(appending);
        inTime(() -> {
            wal.truncateAfter(wal.positionOf(6));
            appending.end.join();
            assertEquals(7, Logs.entries(wal).size());
            wal.close();
        });
    }

    @Test
    void shouldLetASubscriberCloseTheGroupThatIsBeingClosed() {
        WalGroup group =
                WalGroup.open(WalConfig.builder(temp).executor(Runnable::run).build());
        List<Subscriber> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Wal wal = group.wal("log", i);
            append(wal, 1);
            wal.sync();
            Subscriber closing = new Subscriber(1) {
                @Override
                public void onComplete() {
                    group.close();
                    super.onComplete();
                }
            };
            wal.publisher(Position.START).subscribe(closing);
            all.add(closing);
        }
        inTime(() -> {
            group.close();
            all.forEach(each -> each.end.join());
        });
    }

    private static void inTime(Runnable action) {
        FutureTask<Void> task = new FutureTask<>(action, null);
        Thread thread = new Thread(task, "in time");
        thread.setDaemon(true);
        thread.start();
        assertDoesNotThrow(() -> task.get(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldEndWithTheFailureOfTheLogBehindWhatIsDurable() {
        WatchedStorage disk = new WatchedStorage(memory);
        Wal wal = open(disk);
        append(wal, 3);
        wal.sync();
        Subscriber quick = subscribe(wal.publisher(Position.START), Long.MAX_VALUE);
        Subscriber slow = subscribe(wal.publisher(Position.START), 2);
        append(wal, 2);
        disk.hook = (operation, file) -> {
            if (operation.equals("force")) {
                throw new IOException("no more");
            }
        };
        org.junit.jupiter.api.Assertions.assertThrows(WalFailedException.class, wal::sync);
        assertEquals(upTo(3), quick.sequences());
        assertInstanceOf(WalFailedException.class, quick.end.getNow(null));
        assertFalse(slow.end.isDone());
        slow.request(1);
        assertEquals(upTo(3), slow.sequences());
        assertInstanceOf(WalFailedException.class, slow.end.getNow(null));
        org.junit.jupiter.api.Assertions.assertThrows(WalFailedException.class, wal::close);
    }

    @Test
    void shouldCompleteAtTheEndOfALogThatIsOnlyRead() {
        Wal wal = open(memory);
        append(wal, 500);
        wal.close();
        try (Wal offline = Engine.builder(temp)
                .storage(memory)
                .executor(Runnable::run)
                .build()
                .openReadOnly()) {
            Subscriber subscriber = subscribe(offline.publisher(Position.START), 500);
            assertEquals(Logs.entries(offline), subscriber.entries);
            assertTrue(subscriber.end.isDone());
            assertNull(subscriber.end.getNow(null));
        }
    }

    @Test
    void shouldNotGrowTheStackOnAnExecutorThatRunsAtOnce() {
        try (Wal wal = open(memory)) {
            append(wal, 50_000);
            wal.sync();
            List<Integer> depths = new ArrayList<>();
            Subscriber subscriber = new Subscriber(Long.MAX_VALUE) {
                @Override
                public void onNext(Entry entry) {
                    super.onNext(entry);
                    if (entry.sequence() == 1 || entry.sequence() == 50_000) {
                        depths.add(Thread.currentThread().getStackTrace().length);
                    }
                }
            };
            wal.publisher(Position.START).subscribe(subscriber);
            assertEquals(50_000, subscriber.entries.size());
            assertEquals(depths.get(0), depths.get(1));
        }
    }

    @Test
    void shouldCancelASubscriberThatFailsAndSpareTheOthers() {
        try (Wal wal = open(memory)) {
            Subscriber failing = new Subscriber(10) {
                @Override
                public void onNext(Entry entry) {
                    super.onNext(entry);
                    throw new IllegalStateException("on purpose");
                }
            };
            wal.publisher(Position.START, ReadOptions.DEFAULT).subscribe(failing);
            Subscriber other = subscribe(wal.publisher(Position.START, ReadOptions.DEFAULT), 10);
            append(wal, 3);
            assertEquals(1, failing.entries.size());
            assertFalse(failing.end.isDone());
            assertEquals(upTo(3), other.sequences());
        }
    }

    @Test
    void shouldTellASubscriberWhoseExecutorRefuses() {
        try (Wal wal = open(memory)) {
            Subscriber subscriber = new Subscriber(1);
            wal.publisher(Position.START, ReadOptions.DEFAULT, task -> {
                        throw new RejectedExecutionException("full");
                    })
                    .subscribe(subscriber);
            assertInstanceOf(WalException.class, subscriber.end.getNow(null));
        }
    }

    @Test
    void shouldTellASubscriberOnceWhoseExecutorTakesWhatItRefuses() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        RecordingMeter meter = new RecordingMeter();
        try (Wal wal = Engine.builder(temp)
                .storage(memory)
                .workers(AT_ONCE)
                .meter(meter)
                .open()) {
            append(wal, 3);
            Subscriber subscriber = Subscriber.ofAll();
            wal.publisher(Position.START, ReadOptions.DEFAULT, task -> {
                        tasks.add(task);
                        throw new OutOfMemoryError("unable to create native thread");
                    })
                    .subscribe(subscriber);
            assertInstanceOf(WalException.class, subscriber.end.getNow(null));
            inTime(() -> runAll(tasks));
            assertEquals(List.of(), subscriber.entries);
            assertEquals(0, meter.value(Metrics.READERS_OPEN));
        }
    }

    @Test
    void shouldServeManySubscribersWhileManyAppend() throws Exception {
        int appenders = 4;
        int each = 2_000;
        ExecutorService threads = Executors.newFixedThreadPool(appenders);
        List<Subscriber> subscribers = new ArrayList<>();
        Wal wal = Engine.builder(temp)
                .storage(new FileStorage(temp))
                .set("wal.segment.bytes", "64KiB")
                .open();
        try {
            for (int i = 0; i < 20; i++) {
                ReadOptions options = i % 2 == 0 ? ReadOptions.DEFAULT : ReadOptions.DEFAULT.withDurableOnly();
                Subscriber subscriber = Subscriber.ofAll();
                wal.publisher(Position.START, options).subscribe(subscriber);
                subscribers.add(subscriber);
            }
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < appenders; i++) {
                running.add(threads.submit(() -> append(wal, each)));
            }
            for (Future<?> one : running) {
                one.get(1, TimeUnit.MINUTES);
            }
            wal.sync();
            Subscriber counted = subscribe(wal.publisher(Position.START), (long) appenders * each);
            while (counted.entries.size() < appenders * each
                    || subscribers.stream().anyMatch(one -> one.entries.size() < appenders * each)) {
                Thread.onSpinWait();
            }
        } finally {
            wal.close();
            threads.shutdown();
        }
        for (Subscriber subscriber : subscribers) {
            assertNull(subscriber.end.get(1, TimeUnit.MINUTES));
            assertEquals(upTo((long) appenders * each), subscriber.sequences());
        }
    }
}
