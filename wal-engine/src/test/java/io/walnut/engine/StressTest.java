package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalGroup;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All kinds of appends by several threads, beside a following reader, deletions, truncations and copies of the directory as
 * a kill would leave it, against an oracle of what each thread had acknowledged. A few rounds in each build; {@code
 * -Dwalnut.stress.minutes=N} for as long as wanted, {@code -Dwalnut.seed=S} for the choices of another run.
 */
class StressTest {
    private static final int ROUNDS = 4;
    private static final int THREADS = 4;
    private static final int STEPS = 150;
    private static final int HEAD = 12;

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();
    private final AtomicLong truncated = new AtomicLong();
    private final AtomicLong copied = new AtomicLong();

    @Test
    void everyAcknowledgedAppendIsThereUnlessItWasRemoved() throws Exception {
        long seed = Long.getLong("walnut.seed", System.nanoTime());
        long minutes = Long.getLong("walnut.stress.minutes", 0);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        System.out.println("StressTest -Dwalnut.seed=" + seed);
        int round = 0;
        while (round < ROUNDS || System.nanoTime() < end) {
            Random random = new Random(seed + round);
            Path place = Files.createDirectory(directory.resolve("round-" + round));
            if (round % 4 == 3) {
                group(place, random);
            } else {
                Life life = new Life(place.resolve("log"), random);
                life.live();
                life.live(); // goes on where the first one ended
            }
            delete(place);
            round++;
            if (round % 500 == 0) {
                System.out.println("StressTest " + this);
            }
        }
        System.out.println("StressTest " + round + " rounds, " + this + ", -Dwalnut.seed=" + seed);
    }

    @Override
    public String toString() {
        return appended + " appends, " + deleted + " segments deleted, " + truncated + " truncations, " + copied
                + " copies opened";
    }

    private static WalConfig config(Path log, Random random) {
        boolean mapped = random.nextBoolean();
        WalConfig.Builder config = WalConfig.builder(log);
        Map<String, String> keys = Map.of(
                "wal.io", mapped ? "mapped" : "channel",
                "wal.preallocator",
                        mapped ? "zero" : List.of("zero", "none", "sparse").get(random.nextInt(3)),
                "wal.fsync", List.of("always", "batch", "os").get(random.nextInt(3)),
                "wal.segment.bytes", List.of("64KiB", "256KiB", "1MiB").get(random.nextInt(3)),
                "wal.segment.reserve.bytes", random.nextBoolean() ? "4KiB" : "1MiB",
                "wal.record.chunk.bytes", "4KiB",
                "wal.unsynced.max.bytes", random.nextBoolean() ? "1MiB" : "256MiB");
        keys.forEach(config::set);
        return config.build();
    }

    private void group(Path place, Random random) throws Exception {
        WalConfig config = config(place.resolve("group"), random).toBuilder()
                .set("wal.group.open.max", "2")
                .build();
        long[] last = new long[THREADS];
        try (WalGroup group = WalGroup.open(config)) {
            inThreads(THREADS, thread -> {
                Random own = new Random(thread);
                for (int i = 0; i < STEPS; i++) {
                    Wal wal = group.wal("log-" + (thread + i % 2) % THREADS);
                    wal.append(record(thread, i, 10 + own.nextInt(500)));
                    last[thread] = i;
                    appended.incrementAndGet();
                }
            });
            fail();
        }
        try (WalGroup group = WalGroup.open(config)) {
            long[] count = new long[THREADS];
            for (int log = 0; log < THREADS; log++) {
                for (Entry entry : Logs.entries(group.wal("log-" + log))) {
                    count[threadOf(entry.record())]++;
                }
            }
            for (int thread = 0; thread < THREADS; thread++) {
                assertEquals(last[thread] + 1, count[thread], "records of thread " + thread + " in all logs");
            }
        }
    }

    /** A log that is opened, used and closed again and again. */
    private final class Life {
        private final WalConfig config;
        private final Random random;
        private final long[] next = new long[THREADS];
        private final ReentrantReadWriteLock changing = new ReentrantReadWriteLock();
        private int copies;

        Life(Path log, Random random) {
            this.random = random;
            config = StressTest.config(log, random);
        }

        void live() throws Exception {
            try (Wal wal = Wal.open(config)) {
                check(wal);
                AtomicBoolean over = new AtomicBoolean();
                Thread reader = started(() -> follow(wal, over));
                inThreads(THREADS + 1, thread -> {
                    if (thread < THREADS) {
                        append(wal, thread, new Random(random.nextLong()));
                    } else {
                        remove(wal, new Random(random.nextLong()));
                    }
                });
                over.set(true);
                reader.join();
                fail();
                check(wal);
            }
            try (Wal wal = Wal.open(config)) {
                check(wal);
            }
        }

        private void append(Wal wal, int thread, Random own) {
            for (int step = 0; step < STEPS && wrong.isEmpty(); step++) {
                changing.readLock().lock();
                try {
                    int size = own.nextInt(20) == 0 ? own.nextInt(100_000) : own.nextInt(2000);
                    long sequence = next[thread];
                    int records = 1;
                    switch (own.nextInt(6)) {
                        case 0 -> wal.append(record(thread, sequence, size), Durability.DEVICE);
                        case 1 -> wal.append(record(thread, sequence, size), Durability.KERNEL);
                        case 2 ->
                            wal.appendAsync(record(thread, sequence, size)).join();
                        case 3 -> {
                            records = 1 + own.nextInt(5);
                            List<WalRecord> batch = new ArrayList<>();
                            for (int i = 0; i < records; i++) {
                                batch.add(record(thread, sequence + i, size / records));
                            }
                            assertEquals(records, wal.appendBatch(batch).size());
                        }
                        case 4 -> {
                            byte[] value = value(thread, sequence, size);
                            wal.append(
                                    WalRecord.put(key(thread, sequence), new byte[0]),
                                    new ByteArrayInputStream(value),
                                    size);
                        }
                        default -> wal.append(key(thread, sequence), value(thread, sequence, size));
                    }
                    next[thread] = sequence + records;
                    appended.addAndGet(records);
                } finally {
                    changing.readLock().unlock();
                }
            }
        }

        private void remove(Wal wal, Random own) {
            for (int step = 0; step < STEPS / 10 && wrong.isEmpty(); step++) {
                changing.writeLock().lock();
                try {
                    List<Entry> entries = positions(wal);
                    if (entries.isEmpty()) {
                        continue;
                    }
                    Entry chosen = entries.get(own.nextInt(entries.size()));
                    switch (own.nextInt(4)) {
                        case 0 -> deleted.addAndGet(wal.deleteSegmentsBefore(chosen.position()));
                        case 1 -> {
                            wal.truncateAfter(chosen.position());
                            truncated.incrementAndGet();
                            keepOnly(wal);
                        }
                        case 2 -> openCopy(wal);
                        default -> wal.sync();
                    }
                } catch (PositionUnavailableException e) {
                    throw new AssertionError("a position that was just read", e);
                } catch (Exception e) {
                    wrong.add(e);
                } finally {
                    changing.writeLock().unlock();
                }
                Thread.yield();
            }
        }

        /** The oracle forgets what was truncated: appends go on behind what is left. */
        private void keepOnly(Wal wal) {
            long[] found = new long[THREADS];
            Arrays.fill(found, -1);
            for (Entry entry : Logs.entries(wal)) {
                found[threadOf(entry.record())] = sequenceOf(entry.record());
            }
            for (int thread = 0; thread < THREADS; thread++) {
                if (found[thread] >= 0) {
                    next[thread] = found[thread] + 1;
                }
            }
        }

        private void openCopy(Wal wal) throws IOException {
            Path copy = Logs.copy(
                    Path.of(config.get("wal.dir").orElseThrow()),
                    directory.resolve("copy-" + copied.incrementAndGet() + "-" + copies++));
            try (Wal again =
                    Wal.open(config.toBuilder().set("wal.dir", copy.toString()).build())) {
                assertEquals(Logs.entries(wal).size(), Logs.entries(again).size(), "records of a copy");
                check(again);
            }
            delete(copy);
        }

        private List<Entry> positions(Wal wal) {
            return Logs.entries(wal);
        }

        /** Each thread's records are whole and without a gap, up to the last one that it had acknowledged. */
        private void check(Wal wal) throws IOException {
            long[] last = new long[THREADS];
            Arrays.fill(last, -1);
            try (WalReader reader = wal.read(Position.START)) {
                while (reader.next()) {
                    int thread = reader.key().slice().getInt(0);
                    long sequence = reader.key().slice().getLong(4);
                    assertTrue(last[thread] < 0 || sequence == last[thread] + 1, () -> "a gap in thread " + thread);
                    byte[] expected = value(thread, sequence, (int) reader.valueLength());
                    try (InputStream value = reader.valueStream()) {
                        assertArrayEquals(expected, value.readAllBytes());
                    }
                    last[thread] = sequence;
                }
            }
            for (int thread = 0; thread < THREADS; thread++) {
                assertTrue(last[thread] < 0 || last[thread] == next[thread] - 1, "the last record of thread " + thread);
            }
        }

        private void follow(Wal wal, AtomicBoolean over) {
            while (!over.get() && wrong.isEmpty()) {
                try (WalReader reader = wal.read(Position.START)) {
                    while (!over.get()) {
                        if (reader.next(Duration.ofMillis(1))) {
                            ByteBuffer key = reader.key().slice();
                            int thread = key.getInt();
                            long sequence = key.getLong();
                            assertTrue(thread >= 0 && thread < THREADS && sequence >= 0, "a key that was appended");
                        }
                    }
                } catch (PositionUnavailableException e) {
                    continue; // deleted or truncated where it stood: read from the start again
                } catch (WalException e) {
                    if (e.reason() != WalException.Reason.CLOSED) {
                        throw e;
                    }
                }
            }
        }
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private void inThreads(int count, Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(started(() -> {
                try {
                    work.run(number);
                } catch (Exception e) {
                    wrong.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private Thread started(Runnable task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                wrong.add(e);
            }
        });
        thread.start();
        return thread;
    }

    private void fail() {
        if (!wrong.isEmpty()) {
            AssertionError error = new AssertionError("of a thread: " + wrong.peek(), wrong.peek());
            wrong.stream().skip(1).forEach(error::addSuppressed);
            throw error;
        }
    }

    private static WalRecord record(int thread, long sequence, int size) {
        return WalRecord.put(key(thread, sequence), value(thread, sequence, size));
    }

    private static byte[] key(int thread, long sequence) {
        return ByteBuffer.allocate(HEAD).putInt(thread).putLong(sequence).array();
    }

    private static byte[] value(int thread, long sequence, int size) {
        byte[] value = new byte[size];
        new Random(thread * 31L + sequence).nextBytes(value);
        return value;
    }

    private static int threadOf(WalRecord record) {
        return record.key().slice().getInt(0);
    }

    private static long sequenceOf(WalRecord record) {
        return record.key().slice().getLong(4);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
