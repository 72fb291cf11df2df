package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Asynchronous appends. */
abstract class AsyncRules extends WalRules {
    private static final String THREAD = "the user's own thread";

    AsyncRules() {}

    /** If this fails, look at what completes futures: the force that made their records durable. */
    @Test
    final void required_W131_completesOnceTheRecordIsDurable() {
        try (Wal wal = log().open()) {
            for (int i = 0; i < 20; i++) {
                Position at = wal.appendAsync(record(i)).join();
                assertTrue(at.compareTo(wal.durableEnd()) < 0, "the record at " + at + " is not durable");
                assertTrue(at.compareTo(wal.end()) < 0, "the record at " + at + " is not below the end");
            }
            assertHolds(wal, records(0, 20));
        }
    }

    /** If this fails, look at the queue of futures: they are completed in the order of their records. */
    @Test
    final void required_W132_completesFuturesInTheOrderOfTheirRecords() {
        List<Position> completed = Collections.synchronizedList(new ArrayList<>());
        try (Wal wal = log().open()) {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                done.add(wal.appendAsync(record(i)).thenAccept(completed::add));
            }
            done.forEach(CompletableFuture::join);
        }
        assertEquals(completed.stream().sorted().toList(), completed);
        assertEquals(500, completed.size());
    }

    /** If this fails, look at when asynchronous appends encode: before they return, as the arrays are the caller's. */
    @Test
    final void required_W133_letsTheCallerReuseTheArraysAtOnce() {
        try (Wal wal = log().open()) {
            byte[] key = bytes("key");
            byte[] value = bytes("value");
            CompletableFuture<Position> one = wal.appendAsync(WalRecord.put(key, value));
            CompletableFuture<List<Position>> many = wal.appendBatchAsync(List.of(WalRecord.put(key, value)));
            Arrays.fill(key, (byte) 'x');
            Arrays.fill(value, (byte) 'x');
            one.join();
            many.join();
            for (Entry entry : entries(wal)) {
                assertEquals(
                        WalRecord.put(bytes("key"), bytes("value")).key(),
                        entry.record().key());
                assertEquals(
                        WalRecord.put(bytes("key"), bytes("value")).value(),
                        entry.record().value());
            }
        }
    }

    /** If this fails, look at where futures are completed: on the executor of the configuration, and nowhere else. */
    @Test
    final void required_W134_completesOnTheExecutorOfTheUser() {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, THREAD));
        try (Wal wal = log().open(executor)) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            AtomicReference<String> elsewhere = new AtomicReference<>();
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Position> future = wal.appendAsync(record(i));
                all.add(future.thenRun(() -> {
                    // an action that is added after the completion runs on the thread that adds it
                    String name = Thread.currentThread().getName();
                    if (!name.equals(THREAD) && !isCaller()) {
                        elsewhere.set(name);
                    }
                }));
            }
            all.forEach(CompletableFuture::join);
            assertSame(null, elsewhere.get(), () -> "a future was completed on " + elsewhere.get());
        } finally {
            executor.shutdown();
        }
        assertTrue(executor.isShutdown());
    }

    private static boolean isCaller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().startsWith("required_W134")));
    }

    /** If this fails, look at what a user's action can do to whoever completes it: throw, which is no failure of the log. */
    @Test
    final void required_W135_survivesActionsThatThrow() {
        try (Wal wal = log().open(Runnable::run)) {
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Void> thrown = wal.appendAsync(record(i)).thenAccept(at -> {
                    throw new IllegalStateException("thrown by the kit");
                });
                assertTrue(thrown.handle((done, failure) -> failure != null).join());
            }
            wal.append(record(50));
            assertHolds(wal, records(0, 51));
        }
    }

    /** If this fails, look at what actions that append again wait for: they may append asynchronously. */
    @Test
    final void required_W136_letsActionsAppendAgain() {
        try (Wal wal = log().open()) {
            CompletableFuture<Position> chain = wal.appendAsync(record(0));
            for (int i = 1; i < 30; i++) {
                int number = i;
                chain = chain.thenCompose(at -> wal.appendAsync(record(number)));
            }
            chain.join();
            assertHolds(wal, records(0, 30));
        }
    }

    /** If this fails, look at what cancelling does: it does not take the record back, nor hold up those behind it. */
    @Test
    final void required_W137_keepsARecordWhoseFutureWasCancelled() {
        try (Wal wal = log().open()) {
            CompletableFuture<Position> cancelled = wal.appendAsync(record(0));
            boolean inTime = cancelled.cancel(false);
            wal.appendAsync(record(1)).join();
            wal.sync();
            assertEquals(2, entries(wal).size());
            assertTrue(inTime || cancelled.isDone());
        }
    }

    /** If this fails, look at asynchronous appends after each other and beside synchronous ones: one order for all. */
    @Test
    final void required_W138_keepsOneOrderOverBothKindsOfAppends() {
        try (Wal wal = log().open()) {
            List<CompletableFuture<Position>> futures = new ArrayList<>();
            for (int i = 0; i < 60; i += 3) {
                futures.add(wal.appendAsync(record(i)));
                wal.append(record(i + 1));
                futures.add(wal.appendBatchAsync(records(i + 2, 1)).thenApply(all -> all.get(0)));
            }
            futures.forEach(CompletableFuture::join);
            assertHolds(wal, records(0, 60));
            assertFalse(wal.durableEnd().compareTo(wal.end()) > 0);
        }
    }
}
