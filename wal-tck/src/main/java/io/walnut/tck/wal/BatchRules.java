package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.UnknownCodecException;
import io.walnut.api.Wal;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Batches. */
abstract class BatchRules extends WalRules {
    private static final int THREADS = 4;
    private static final int BATCHES = 40;
    private static final int SIZE = 5;

    BatchRules() {}

    /** If this fails, look at the positions of a batch: one for each record, in the order of the records. */
    @Test
    final void required_W201_givesThePositionOfEachRecordOfABatchInOrder() {
        try (Wal wal = log().open()) {
            List<WalRecord> batch = records(0, 50);
            List<Position> positions = wal.appendBatch(batch);
            assertEquals(positions, entries(wal).stream().map(Entry::position).toList());
            assertHolds(wal, batch);
        }
    }

    /** If this fails, look at the empty batch: it appends nothing, in whatever way it is appended. */
    @Test
    final void required_W202_appendsNothingForAnEmptyBatch() {
        try (Wal wal = log().open()) {
            wal.append(record(0));
            Position end = wal.end();
            assertEquals(List.of(), wal.appendBatch(List.of()));
            assertEquals(List.of(), wal.appendBatchAsync(List.of()).join());
            assertEquals(end, wal.end());
            wal.append(record(1));
            assertEquals(2, entries(wal).get(1).sequence());
        }
    }

    /** If this fails, look at when a batch is checked: all of it before anything of it is written. */
    @Test
    final void optional_W203_rejectsAllOfABatchInWhichOneRecordIsTooLarge() {
        say(MAX_VALUE, 1_000);
        try (Wal wal = log().open()) {
            List<WalRecord> batch = List.of(record(0), record(1, 1_001), record(2));
            assertRejected(RecordTooLargeException.class, Reason.RECORD_TOO_LARGE, () -> wal.appendBatch(batch));
            CompletableFuture<List<Position>> future = wal.appendBatchAsync(batch);
            Throwable failure =
                    assertThrows(CompletionException.class, future::join).getCause();
            assertTrue(failure instanceof RecordTooLargeException, () -> "refused with " + failure);
            wal.append(record(3));
            assertHolds(wal, List.of(record(3)));
            assertEquals(1, entries(wal).get(0).sequence(), "a rejected batch used up sequences");
        }
    }

    /** If this fails, look at when codecs are looked up: before anything of the batch is written. */
    @Test
    final void required_W204_rejectsAllOfABatchInWhichOneRecordAsksForAnUnknownCodec() {
        try (Wal wal = log().open()) {
            List<WalRecord> batch = List.of(record(0), record(1).withCodec("no-such-codec"));
            assertRejected(UnknownCodecException.class, Reason.UNKNOWN_CODEC, () -> wal.appendBatch(batch));
            wal.append(record(2));
            assertHolds(wal, List.of(record(2)));
        }
    }

    /** If this fails, look at batches that are larger than a segment: they are appended whole all the same. */
    @Test
    final void required_W205_takesABatchThatIsLargerThanASegment() {
        smallSegments();
        try (Wal wal = log().open()) {
            wal.append(record(0));
            List<WalRecord> batch = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                batch.add(record(i, 10_000));
            }
            wal.appendBatch(batch);
            wal.append(record(51));
            assertEquals(52, entries(wal).size());
        }
    }

    /** If this fails, look at the fields of the records of a batch: each has its own. */
    @Test
    final void required_W206_keepsWhatEachRecordOfABatchSays() {
        List<WalRecord> batch = List.of(
                record(0).withTtl(Duration.ofHours(1)),
                WalRecord.delete(bytes("gone")).withVersion(3, 4),
                record(2).withTimestamp(Instant.ofEpochSecond(5, 6)),
                WalRecord.put(new byte[0], new byte[0]));
        try (Wal wal = log().open()) {
            wal.appendBatch(batch);
            wal.appendBatchAsync(batch).join();
            List<WalRecord> twice = new ArrayList<>(batch);
            twice.addAll(batch);
            assertHolds(wal, twice);
        }
    }

    /** If this fails, look at the largest batch that is accepted: beyond it nothing is written. */
    @Test
    final void optional_W207_rejectsABatchThatIsTooLargeAndTakesASmallerOne() {
        say(MAX_BATCH, 64 << 10);
        try (Wal wal = log().open()) {
            List<WalRecord> tooLarge = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                tooLarge.add(record(i, 1_000));
            }
            RecordTooLargeException refused = assertRejected(
                    RecordTooLargeException.class, Reason.RECORD_TOO_LARGE, () -> wal.appendBatch(tooLarge));
            assertTrue(String.valueOf(refused.getMessage()).contains(MAX_BATCH), refused::getMessage);
            wal.appendBatch(tooLarge.subList(0, 50));
            assertEquals(50, entries(wal).size());
        }
    }

    /** If this fails, look at what appends of other threads can do to a batch: they stand before it or behind it. */
    @Test
    final void stochastic_W211_keepsBatchesOfManyThreadsTogether() throws Exception {
        try (Wal wal = log().open()) {
            appendBatchesFromManyThreads(wal);
            List<Entry> found = entries(wal);
            assertEquals(THREADS * BATCHES * SIZE, found.size());
            for (int i = 0; i < found.size(); i += SIZE) {
                String batch = batchOf(found.get(i));
                for (int j = 0; j < SIZE; j++) {
                    assertEquals(batch, batchOf(found.get(i + j)), "a batch is torn apart at " + (i + j));
                }
            }
        }
    }

    /** If this fails, look at what a reader may see: what was acknowledged, and so no part of a batch. */
    @Test
    @Needs(Capability.ATOMIC_BATCHES)
    final void optional_W212_showsReadersWholeBatchesOnly() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Wal wal = log().open();
                WalReader reader = wal.read(Position.START)) {
            Future<?> appending = threads.submit(() -> {
                appendBatchesFromManyThreads(wal);
                return null;
            });
            int seen = 0;
            while (seen < THREADS * BATCHES * SIZE) {
                boolean there = reader.next();
                assertTrue(there || seen % SIZE == 0, "a reader saw a part of a batch: " + seen + " records");
                seen += there ? 1 : 0;
                if (!there && appending.isDone()) {
                    appending.get(1, TimeUnit.MINUTES);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void appendBatchesFromManyThreads(Wal wal) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    for (int batch = 0; batch < BATCHES; batch++) {
                        byte[] key = bytes(thread + "-" + batch);
                        List<WalRecord> records = new ArrayList<>();
                        for (int n = 0; n < SIZE; n++) {
                            records.add(WalRecord.put(key, bytes("value " + n)));
                        }
                        wal.appendBatch(records);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static String batchOf(Entry entry) {
        return new String(entry.record().keyBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
