package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.tck.kit.Kit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many threads at a time, and histories of random operations. */
abstract class ConcurrencyRules extends WalRules {
    private static final int THREADS = 6;
    private static final int OPERATIONS = 80;

    ConcurrencyRules() {}

    /** If this fails, look at what a thread sees of its own appends: in its order, each above the one before. */
    @Test
    final void stochastic_W901_keepsTheOrderOfEachThread() throws Exception {
        smallSegments();
        try (Wal wal = log().open()) {
            inThreads(thread -> {
                Position last = Position.START;
                for (int i = 0; i < OPERATIONS; i++) {
                    Position at = wal.append(record(thread * 1_000 + i, 700));
                    assertTrue(last.compareTo(at) < 0);
                    last = at;
                }
                return last;
            });
            Map<String, Integer> next = new TreeMap<>();
            for (Entry entry : entries(wal)) {
                int number = Integer.parseInt(
                        new String(entry.record().keyBytes(), java.nio.charset.StandardCharsets.UTF_8).substring(4));
                int expected = next.merge("thread " + number / 1_000, 1, Integer::sum) - 1;
                assertEquals(expected, number % 1_000);
            }
            assertEquals(THREADS * OPERATIONS, entries(wal).size());
        }
    }

    /** If this fails, look at when an append takes its place: between its call and its return, for everybody. */
    @Test
    final void stochastic_W902_isLinearizable() throws Exception {
        smallSegments();
        AtomicLong clock = new AtomicLong();
        try (Wal wal = log().open()) {
            List<List<Call>> calls = inThreads(thread -> {
                Random random = Kit.random("W902-" + thread);
                List<Call> mine = new ArrayList<>();
                for (int i = 0; i < OPERATIONS; i++) {
                    mine.add(call(wal, clock, random, thread * 1_000 + i));
                }
                return mine;
            });
            LinearHistory.check(calls.stream().flatMap(List::stream).toList());
        }
    }

    private Call call(Wal wal, AtomicLong clock, Random random, int number) {
        long from = clock.incrementAndGet();
        switch (random.nextInt(8)) {
            case 0:
                return Call.end(from, wal.end(), clock.incrementAndGet());
            case 1:
                return Call.durable(from, wal.sync(), clock.incrementAndGet());
            case 2:
                try (WalReader reader = wal.read(Position.START)) {
                    Position seen = Position.START;
                    while (reader.next()) {
                        seen = reader.nextPosition();
                    }
                    return Call.end(from, seen, clock.incrementAndGet());
                }
            case 3:
                List<Position> batch = wal.appendBatch(records(number, 1 + random.nextInt(3)));
                return Call.appended(from, batch.get(0), clock.incrementAndGet());
            case 4:
                return Call.appended(from, wal.appendAsync(record(number)).join(), clock.incrementAndGet());
            default:
                return Call.appended(from, wal.append(record(number)), clock.incrementAndGet());
        }
    }

    /** If this fails, repeat it with its seed: some sequence of operations does not do what a list in memory does. */
    @Test
    final void stochastic_W903_doesWhatTheModelDoesInAnyOrderOfOperations() {
        smallSegments();
        Random random = random();
        Wal wal = log().open();
        for (int step = 0; step < 250; step++) {
            switch (random.nextInt(12)) {
                case 0:
                    wal.close();
                    wal = log().open();
                    break;
                case 1:
                    wal.sync();
                    break;
                case 2:
                    readFromAnywhere(wal, random);
                    break;
                case 3:
                    if (wal.capabilities().contains(io.walnut.api.Capability.SEGMENT_DELETION)
                            && random.nextInt(4) == 0) {
                        List<Position> all = log().reference().positions();
                        wal.deleteSegmentsBefore(all.isEmpty() ? wal.end() : all.get(random.nextInt(all.size())));
                    }
                    break;
                case 4:
                    List<WalRecord> batch = new ArrayList<>();
                    for (int i = random.nextInt(6); i > 0; i--) {
                        batch.add(record(step, random.nextInt(5_000)));
                    }
                    wal.appendBatch(batch);
                    break;
                case 5:
                    wal.appendAsync(WalRecord.delete(bytes("key-" + step))).join();
                    break;
                default:
                    wal.append(record(step, random.nextInt(random.nextInt(4) == 0 ? 30_000 : 300)));
            }
        }
        wal.close();
    }

    private void readFromAnywhere(Wal wal, Random random) {
        List<Position> all = log().reference().positions();
        if (!all.isEmpty()) {
            int from = random.nextInt(all.size());
            try (WalReader reader = wal.read(all.get(from))) {
                for (int i = from; i < Math.min(all.size(), from + 20); i++) {
                    assertTrue(reader.next(), Kit::replay);
                    assertEquals(all.get(i), reader.position(), Kit::replay);
                }
            }
        }
    }

    private interface Work<T> {
        T run(int thread) throws Exception;
    }

    private static <T> List<T> inThreads(Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    return work.run(thread);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(1, TimeUnit.MINUTES));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
