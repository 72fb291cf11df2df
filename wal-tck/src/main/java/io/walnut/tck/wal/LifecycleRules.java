package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalLockedException;
import io.walnut.api.WalState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Opening and closing. */
abstract class LifecycleRules extends WalRules {
    private static final int THREADS = 4;

    LifecycleRules() {}

    /** If this fails, look at opening where nothing is: the log is created, and its recovery has found nothing. */
    @Test
    final void required_W801_createsALogThatIsNotThere() {
        try (Wal wal = log().open()) {
            assertEquals(WalState.OPEN, wal.state());
            assertTrue(wal.recovery().clean());
            assertEquals(0, wal.recovery().records());
            assertEquals(0, wal.recovery().firstSequence());
            assertEquals(0, wal.recovery().lastSequence());
            assertEquals(0, wal.recovery().bytesTruncated());
            assertTrue(wal.recovery().notes().stream().noneMatch(String::isBlank));
        }
    }

    /** If this fails, look at what is kept of a log that was closed: all of it, and that it was closed. */
    @Test
    final void required_W802_reportsWhatItFindsWhenItIsOpenedAgain() {
        for (int life = 0; life < 3; life++) {
            try (Wal wal = log().open()) {
                assertTrue(wal.recovery().clean());
                assertEquals(life * 10L, wal.recovery().records());
                assertEquals(life == 0 ? 0 : 1, wal.recovery().firstSequence());
                assertEquals(life * 10L, wal.recovery().lastSequence());
                assertEquals(wal.end(), wal.recovery().end());
                assertFalse(wal.recovery().duration().isNegative());
                append(wal, records(0, 10));
            }
        }
    }

    /** If this fails, look at closing: a second time it does nothing, also on another thread at the same time. */
    @Test
    final void required_W803_canBeClosedTwice() throws Exception {
        Wal wal = log().open();
        append(wal, records(0, 10));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> closing = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                closing.add(threads.submit(wal::close));
            }
            for (Future<?> each : closing) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
        wal.close();
        assertEquals(WalState.CLOSED, wal.state());
    }

    /** If this fails, look at what a closed log does: it tells that it is closed, and appends nothing. */
    @Test
    final void required_W804_tellsThatItIsClosed() {
        Wal wal = log().open();
        append(wal, records(0, 3));
        wal.close();
        assertEquals(WalState.CLOSED, wal.state());
        assertEquals(0, wal.recovery().records());
        assertRejected(WalClosedException.class, Reason.CLOSED, () -> wal.append(record(0)));
        assertRejected(WalClosedException.class, Reason.CLOSED, () -> wal.append(bytes("key"), bytes("value")));
        assertRejected(WalClosedException.class, Reason.CLOSED, () -> wal.appendBatch(records(0, 2)));
        for (CompletableFuture<?> future : List.of(wal.appendAsync(record(0)), wal.appendBatchAsync(records(0, 2)))) {
            assertSame(
                    WalClosedException.class,
                    future.handle((done, failure) -> causeOf(failure).getClass())
                            .join());
        }
        assertThrows(WalClosedException.class, wal::sync);
        assertThrows(WalClosedException.class, () -> wal.read(Position.START).close());
        assertThrows(WalClosedException.class, () -> wal.deleteSegmentsBefore(Position.START));
    }

    /** If this fails, look at the lock: a log is open once at a time, and whoever is refused does no harm. */
    @Test
    final void required_W805_isOpenOnceAtATime() {
        try (Wal wal = log().open()) {
            wal.append(record(0));
            for (int i = 0; i < 3; i++) {
                WalLockedException refused = assertThrows(
                        WalLockedException.class,
                        () -> log().provider().open(log().config()).close());
                assertEquals(Reason.LOCKED, refused.reason());
                wal.append(record(i));
            }
        }
        try (Wal wal = log().open()) {
            assertEquals(4, entries(wal).size());
        }
    }

    /** If this fails, look at closing while others append: each append is acknowledged and there, or was refused. */
    @Test
    final void stochastic_W806_givesEveryAppendOneOutcomeWhenItIsClosedMeanwhile() throws Exception {
        for (int round = 0; round < 5; round++) {
            Wal wal = log().open();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                CountDownLatch underWay = new CountDownLatch(THREADS * 5);
                List<Future<Integer>> appending = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    boolean async = i % 2 == 0;
                    appending.add(threads.submit(() -> appendUntilClosed(wal, async, underWay)));
                }
                assertTrue(underWay.await(1, TimeUnit.MINUTES));
                wal.close();
                for (Future<Integer> each : appending) {
                    assertTrue(each.get(1, TimeUnit.MINUTES) > 0);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static int appendUntilClosed(Wal wal, boolean async, CountDownLatch underWay) {
        List<CompletableFuture<Position>> futures = Collections.synchronizedList(new ArrayList<>());
        try {
            for (int i = 0; ; i++) {
                if (async) {
                    CompletableFuture<Position> future = wal.appendAsync(record(i));
                    futures.add(future);
                    if (future.isCompletedExceptionally()) {
                        break;
                    }
                } else {
                    wal.append(record(i));
                }
                underWay.countDown();
            }
        } catch (WalClosedException closed) {
            assertFalse(async, "an asynchronous append throws instead of failing its future");
        }
        CompletableFuture<?>[] all = futures.toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).handle((done, failure) -> 1).join();
    }

    /** If this fails, look at futures that are pending while the log is closed: closing forces, so they complete. */
    @Test
    final void required_W807_completesFuturesBeforeItIsClosed() {
        List<CompletableFuture<Position>> futures = new ArrayList<>();
        try (Wal wal = log().open()) {
            for (int i = 0; i < 100; i++) {
                futures.add(wal.appendAsync(record(i)));
            }
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new)).join();
        assertEquals(100, log().reference().size());
    }

    /** If this fails, look at what {@code segments()} tells: it adds up to what is in the log. */
    @Test
    final void required_W808_tellsAboutItsSegments() {
        smallSegments();
        try (Wal wal = log().open()) {
            for (int i = 0; i < 50; i++) {
                wal.append(record(i, 4_000));
            }
            List<SegmentInfo> segments = wal.segments();
            long sequence = 1;
            for (SegmentInfo segment : segments) {
                assertTrue(segment.number() > 0);
                assertEquals(sequence, segment.firstSequence(), () -> "the first sequence of " + segment);
                assertTrue(segment.start().compareTo(segment.end()) <= 0);
                assertTrue(segment.bytes() > 0);
                assertTrue(segment.records() == 0 || segment.lastTimestamp().isPresent());
                sequence += segment.records();
            }
            assertEquals(51, sequence);
            assertEquals(wal.end(), segments.get(segments.size() - 1).end());
            assertEquals(
                    segments.size(),
                    new HashSet<>(segments.stream().map(SegmentInfo::name).toList()).size());
            List<Long> numbers = segments.stream().map(SegmentInfo::number).toList();
            assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
            assertTrue(segments.subList(0, segments.size() - 1).stream().allMatch(SegmentInfo::sealed));
        }
    }

    /** If this fails, look for what two logs share: names, locks, buffers, positions. */
    @Test
    final void required_W809_keepsTwoLogsApart() {
        Session other = another("other");
        try (Wal first = log().open();
                Wal second = other.open()) {
            for (int i = 0; i < 50; i++) {
                first.append(record(i));
                second.append(record(1_000 + i));
            }
            assertHolds(first, records(0, 50));
            assertHolds(second, records(1_000, 50));
        }
        assertEquals(50, other.reference().size());
    }

    /** If this fails, look at {@code capabilities()}: what a backend claims does not change while it is open. */
    @Test
    final void required_W810_claimsTheSameBeforeAndAfterItIsUsed() {
        try (Wal wal = log().open()) {
            var before = java.util.Set.copyOf(wal.capabilities());
            append(wal, records(0, 10));
            assertEquals(before, wal.capabilities());
        }
        try (Wal wal = log().open()) {
            assertFalse(wal.toString().isBlank());
        }
    }
}
