package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Durability;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers that follow, that read beside others, and that only read what is durable. */
abstract class FollowingRules extends WalRules {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int PROMPT_SECONDS = 20;
    private static final int SPINNING_SECONDS = 2;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    FollowingRules() {}

    @AfterEach
    final void stop() {
        threads.shutdownNow();
    }

    /** If this fails, look at how a waiting reader learns of an append. */
    @Test
    @Needs(Capability.FOLLOWING)
    final void optional_W321_waitsForAnAppend() throws Exception {
        smallSegments();
        try (Wal wal = log().open();
                WalReader reader = wal.read(Position.START)) {
            int count = 100;
            Future<List<Long>> following = threads.submit(() -> {
                List<Long> seen = new ArrayList<>();
                while (seen.size() < count && reader.next(LONG)) {
                    seen.add(reader.sequence());
                }
                return seen;
            });
            for (int i = 0; i < count; i++) {
                wal.append(record(i, 2_000));
            }
            List<Long> seen = following.get(1, TimeUnit.MINUTES);
            assertEquals(count, seen.size());
            assertEquals(count, seen.get(count - 1));
        }
    }

    /** If this fails, look at waiting with nothing to wait for: no time is no waiting. */
    @Test
    final void required_W322_doesNotWaitWhereNoTimeIsGiven() {
        try (Wal wal = log().open();
                WalReader reader = wal.read(Position.START)) {
            assertFalse(reader.next(Duration.ZERO));
            assertFalse(reader.next(Duration.ofMinutes(-1)));
            assertFalse(reader.next(Duration.ofNanos(1)));
            wal.append(record(0));
            assertTrue(reader.next(Duration.ZERO));
            assertFalse(reader.next(Duration.ZERO));
        }
    }

    /** If this fails, look at waiting threads that are interrupted: they say false, and the flag stays set. */
    @Test
    @Needs(Capability.FOLLOWING)
    final void optional_W323_endsWaitingWhenItIsInterrupted() throws Exception {
        try (Wal wal = log().open();
                WalReader reader = wal.read(Position.START)) {
            assertEndsWhenInterrupted(reader, false);
            assertEndsWhenInterrupted(reader, true);
            wal.append(record(0));
            assertTrue(reader.next(), "the reader did not survive the interrupt");
        }
    }

    private void assertEndsWhenInterrupted(WalReader reader, boolean waiting) throws Exception {
        CompletableFuture<Thread> waiter = new CompletableFuture<>();
        Future<Boolean> flag = threads.submit(() -> {
            if (!waiting) {
                Thread.currentThread().interrupt();
            }
            waiter.complete(Thread.currentThread());
            return !reader.next(LONG) && Thread.interrupted();
        });
        Thread thread = waiter.get(1, TimeUnit.MINUTES);
        if (waiting) {
            letWait(thread, flag);
            thread.interrupt();
        }
        try {
            assertTrue(flag.get(PROMPT_SECONDS, TimeUnit.SECONDS), "the interrupt flag, and nothing to read");
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "a reader that " + (waiting ? "waits" : "is about to wait")
                            + " goes on waiting when it is interrupted",
                    e);
        }
    }

    /** Until the thread waits for something. Who spins instead of waiting has been waiting long enough then too. */
    private static void letWait(Thread thread, Future<?> done) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SPINNING_SECONDS);
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING
                && !done.isDone()
                && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** If this fails, look at what wakes waiting readers when their log is closed. */
    @Test
    @Needs(Capability.FOLLOWING)
    final void optional_W324_endsWaitingWhenTheLogIsClosed() throws Exception {
        Wal wal = log().open();
        try (WalReader reader = wal.read(Position.START)) {
            wal.append(record(0));
            CompletableFuture<Thread> waiter = new CompletableFuture<>();
            Future<?> waiting = threads.submit(() -> {
                assertTrue(reader.next(LONG));
                waiter.complete(Thread.currentThread());
                return reader.next(LONG);
            });
            letWait(waiter.get(1, TimeUnit.MINUTES), waiting);
            wal.close();
            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> waiting.get(PROMPT_SECONDS, TimeUnit.SECONDS));
            assertTrue(ended.getCause() instanceof WalClosedException, () -> "ended with " + ended.getCause());
        }
    }

    /** If this fails, look at where a reader of durable records stops: never beyond {@code durableEnd()}. */
    @Test
    @Needs(Capability.DURABLE_ONLY_READS)
    final void optional_W331_stopsAtWhatIsDurable() {
        try (Wal wal = log().open();
                WalReader reader = wal.read(Position.START, ReadOptions.DEFAULT.withDurableOnly())) {
            for (int i = 0; i < 30; i++) {
                if (wal.capabilities().contains(Capability.DURABILITY_PER_APPEND)) {
                    wal.append(record(i), Durability.KERNEL);
                } else {
                    wal.append(record(i));
                }
                while (reader.next()) {
                    Position durable = wal.durableEnd();
                    assertTrue(
                            reader.position().compareTo(durable) < 0,
                            "read " + reader.position() + " while " + durable + " is the end of what is durable");
                }
            }
            wal.sync();
            try (WalReader all = wal.read(Position.START, ReadOptions.DEFAULT.withDurableOnly())) {
                assertEquals(30, all.stream().count(), "what can be read after a sync");
            }
        }
    }

    /** If this fails, look at the end that readers see: the log is appended to while they read. */
    @Test
    final void stochastic_W332_readsAPrefixWhileOthersAppend() throws Exception {
        smallSegments();
        try (Wal wal = log().open()) {
            int count = 400;
            AtomicLong done = new AtomicLong();
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(() -> {
                    try (WalReader reader = wal.read(Position.START)) {
                        long seen = 0;
                        while (seen < count) {
                            long appended = done.get();
                            while (reader.next()) {
                                seen++;
                                assertEquals(seen, reader.sequence());
                                assertEquals(ByteBuffer.wrap(bytes("key-" + (seen - 1))), reader.key());
                            }
                            assertTrue(seen >= appended, "a reader did not see what had been acknowledged before");
                        }
                        return seen;
                    }
                }));
            }
            for (int i = 0; i < count; i++) {
                wal.append(record(i, 500));
                done.set(i + 1L);
            }
            for (Future<Long> each : readers) {
                assertEquals(count, each.get(1, TimeUnit.MINUTES));
            }
        }
    }

    /** If this fails, look at what a read-only open does: it reads what was acknowledged, and appends nothing. */
    @Test
    @Needs(Capability.READ_ONLY_OPEN)
    final void optional_W341_readsBesideALiveWriterAndRefusesToAppend() {
        smallSegments();
        try (Wal wal = log().open()) {
            for (int i = 0; i < 40; i++) {
                wal.append(record(i, 3_000));
            }
            wal.sync();
            try (Wal beside = log().provider().openReadOnly(log().config())) {
                assertEquals(entries(wal), entries(beside));
                assertRejected(WalException.class, Reason.READ_ONLY, () -> beside.append(record(0)));
                assertRejected(WalException.class, Reason.READ_ONLY, () -> beside.appendBatch(records(0, 2)));
                assertTrue(beside.appendAsync(record(0)).isCompletedExceptionally());
                WalException refused =
                        assertThrows(WalException.class, () -> beside.deleteSegmentsBefore(beside.end()));
                assertEquals(Reason.READ_ONLY, refused.reason());
            }
            wal.append(record(40));
        }
    }

    /** If this fails, look at what a read-only open leaves on disk: nothing at all, neither files nor times. */
    @Test
    @Needs(Capability.READ_ONLY_OPEN)
    final void optional_W342_changesNothingOnDiskByReading() throws IOException {
        try (Wal wal = log().open()) {
            append(wal, records(0, 10));
        }
        Map<Path, String> before = files();
        try (Wal beside = log().provider().openReadOnly(log().config())) {
            assertEquals(10, entries(beside).size());
        }
        assertEquals(before, files());
    }

    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        if (Files.exists(log().directory())) {
            try (Stream<Path> all = Files.walk(log().directory())) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    files.put(file, Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }
}
