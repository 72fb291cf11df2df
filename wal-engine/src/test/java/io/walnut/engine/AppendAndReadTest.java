package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.keys;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.UnknownCodecException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendAndReadTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006Z");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"always", "batch", "os"})
    void whatIsAppendedIsReadBackInOrderAndAfterReopening(String fsync) {
        WalConfig config = WalConfig.builder(directory).fsync(fsync).build();
        List<Position> positions = new ArrayList<>();
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 100; i++) {
                positions.add(wal.append(put("key" + i, "value" + i)));
            }
            assertEquals(100, keys(wal).size());
        }
        try (Wal wal = Wal.open(config)) {
            List<Entry> entries = entries(wal);
            for (int i = 0; i < 100; i++) {
                assertEquals(positions.get(i), entries.get(i).position());
                assertEquals(i + 1, entries.get(i).sequence());
                assertArrayEquals(bytes("value" + i), entries.get(i).record().valueBytes());
            }
            assertEquals(positions.get(0), wal.start());
            assertTrue(wal.recovery().clean());
            assertEquals(100, wal.recovery().records());
        }
    }

    @Test
    void everythingThatARecordCarriesComesBack() {
        WalRecord full = WalRecord.put(ByteBuffer.wrap(bytes("k")).asReadOnlyBuffer(), ByteBuffer.allocateDirect(9))
                .withTtl(Duration.ofSeconds(5, 7))
                .withTimestamp(Instant.parse("1999-12-31T23:59:59.999999999Z"))
                .withVersion(3, Long.MAX_VALUE);
        try (Wal wal = Engine.builder(directory)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .open()) {
            wal.append(full);
            wal.append(WalRecord.delete(bytes("gone")));
            wal.append(new byte[0], new byte[0]);
            List<Entry> entries = entries(wal);
            assertEquals(full, entries.get(0).record());
            assertEquals(
                    Optional.of(Instant.parse("2000-01-01T00:00:05.000000006Z")),
                    entries.get(0).record().expiresAt());
            assertEquals(WalRecord.Kind.DELETE, entries.get(1).record().kind());
            assertEquals(Optional.of(NOW), entries.get(1).record().timestamp());
            assertEquals(0, entries.get(2).record().key().remaining());
            assertEquals(Optional.empty(), entries.get(2).record().expiresAt());
        }
    }

    @Test
    void aBatchIsThereWholeAndItsPositionsAreThoseOfItsRecords() {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("before", ""));
            List<Position> positions =
                    wal.appendBatch(List.of(put("a", "1"), WalRecord.delete(bytes("b")), put("c", "3")));
            wal.appendBatch(List.of(put("d", "4")), Durability.DEVICE);
            assertEquals(List.of(), wal.appendBatch(List.of()));
            assertEquals(List.of("before", "a", "b", "c", "d"), keys(wal));
            List<Entry> entries = entries(wal, positions.get(1));
            assertEquals(positions.get(1), entries.get(0).position());
            assertEquals(3, entries.get(0).sequence());
            assertEquals(positions.get(2), entries.get(1).position());
        }
    }

    @Test
    void anAsynchronousAppendIsDurableWhenItCompletes() {
        try (Wal wal = Wal.open(WalConfig.builder(directory).fsync("os").build())) {
            Position position = wal.appendAsync(put("a", "1")).join();
            assertTrue(wal.durableEnd().compareTo(position) > 0);
            List<Position> batch =
                    wal.appendBatchAsync(List.of(put("b", "2"), put("c", "3"))).join();
            assertTrue(wal.durableEnd().compareTo(batch.get(1)) > 0);
            assertEquals(List.of(), wal.appendBatchAsync(List.of()).join());
        }
    }

    @Test
    void futuresCompleteOnTheExecutorOfTheUser() {
        Thread[] completedOn = new Thread[1];
        WalConfig config = WalConfig.builder(directory)
                .executor(task -> {
                    Thread thread = new Thread(task, "the user's");
                    thread.start();
                })
                .build();
        try (Wal wal = Wal.open(config)) {
            // the dependent action runs either there or, had it completed already, here
            wal.appendAsync(put("a", "1"))
                    .whenComplete((position, failure) -> completedOn[0] = Thread.currentThread())
                    .join();
            assertTrue(completedOn[0] == Thread.currentThread()
                    || completedOn[0].getName().equals("the user's"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void futuresCompleteEvenIfTheUsersExecutorRefuses(boolean noThread) throws Exception {
        WalConfig config = WalConfig.builder(directory)
                .executor(task -> {
                    if (noThread) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    throw new RejectedExecutionException("shut down");
                })
                .build();
        try (Wal wal = Wal.open(config)) {
            Position position = wal.appendAsync(put("a", "1")).get(20, TimeUnit.SECONDS);
            assertEquals(wal.start(), position);
        }
    }

    @Test
    void anActionMayCloseTheLogOnAnExecutorThatRunsAtOnce() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        storage.hook = (operation, file) -> {
            if (operation.equals("force") && file.endsWith(".wal")) {
                Latches.await(goOn);
            }
        };
        Wal wal = Engine.builder(directory)
                .storage(storage)
                .executor(Runnable::run)
                .open();
        CompletableFuture<Void> closed = wal.appendAsync(put("a", "1")).thenRun(wal::close);
        goOn.countDown();
        closed.get(20, TimeUnit.SECONDS);
        assertEquals(WalState.CLOSED, wal.state());
    }

    @Test
    void durabilityOfOneAppendCanBeStrongerOrWeakerThanThePolicy() {
        try (Wal wal = Wal.open(WalConfig.builder(directory).fsync("os").build())) {
            Position weak = wal.append(put("a", "1"), Durability.KERNEL);
            assertTrue(wal.durableEnd().compareTo(weak) <= 0);
            Position strong = wal.append(put("b", "2"), Durability.DEVICE);
            assertTrue(wal.durableEnd().compareTo(strong) > 0);
        }
    }

    @Test
    void limitsAreKeptOnBothSides() {
        WalConfig config = WalConfig.builder(directory)
                .maxKeyBytes(10)
                .maxValueBytes(100_000)
                .set("wal.batch.max.bytes", "200000")
                .build();
        try (Wal wal = Wal.open(config)) {
            wal.append(new byte[10], new byte[100_000]);
            wal.append(WalRecord.put(new byte[0], new byte[100_000]));
            RecordTooLargeException key =
                    assertThrows(RecordTooLargeException.class, () -> wal.append(new byte[11], new byte[0]));
            assertEquals(Outcome.REJECTED, key.outcome());
            assertTrue(key.getMessage().contains("wal.record.max.key.bytes"), key.getMessage());
            assertThrows(RecordTooLargeException.class, () -> wal.append(new byte[0], new byte[100_001]));
            WalRecord half = WalRecord.put(new byte[0], new byte[99_000]);
            wal.appendBatch(List.of(half, half));
            assertThrows(RecordTooLargeException.class, () -> wal.appendBatch(List.of(half, half, half)));
            CompletionException async = assertThrows(
                    CompletionException.class,
                    () -> wal.appendAsync(WalRecord.put(new byte[11], new byte[0]))
                            .join());
            assertTrue(async.getCause() instanceof RecordTooLargeException);
            assertEquals(4, entries(wal).size());
        }
    }

    @Test
    void aRecordOrBatchLargerThanASegmentHasASegmentOfItsOwn() {
        WalConfig config = WalConfig.builder(directory).segmentBytes(64 << 10).build();
        byte[] large = Logs.random(3_000_000, 1);
        try (Wal wal = Wal.open(config)) {
            wal.append(put("small", "1"));
            wal.append(bytes("large"), large);
            wal.append(put("small", "2"));
            wal.appendBatch(List.of(WalRecord.put(bytes("x"), large), WalRecord.put(bytes("y"), large)));
            wal.append(put("small", "3"));
        }
        try (Wal wal = Wal.open(config)) {
            assertEquals(List.of("small", "large", "small", "x", "y", "small"), keys(wal));
            assertArrayEquals(large, entries(wal).get(4).record().valueBytes());
        }
    }

    @Test
    void segmentsRollBySizeAndReadersCrossThem() {
        WalConfig config = WalConfig.builder(directory).segmentBytes(64 << 10).build();
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 2000; i++) {
                wal.append(bytes("key" + i), new byte[200]);
            }
            List<SegmentInfo> segments = wal.segments();
            assertTrue(segments.size() > 5, segments.toString());
            long sequence = 1;
            for (SegmentInfo segment : segments) {
                assertEquals(sequence, segment.firstSequence());
                assertTrue(segment.bytes() <= 64 << 10);
                sequence += segment.records();
            }
            assertEquals(2001, sequence);
            assertEquals(2000, keys(wal).size());
            // the end of a segment and the start of the next are the same place
            Position end = segments.get(1).end();
            Position start = segments.get(2).start();
            assertEquals(entries(wal, start), entries(wal, end));
        }
    }

    @Test
    void aReaderCanStartAtEveryRecordAndNowhereElse() {
        try (Wal wal = Wal.open(directory)) {
            List<Position> positions = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                positions.add(wal.append(bytes("key" + i), new byte[i % 300]));
                if (i % 100 == 0) {
                    wal.sync();
                }
            }
            for (int i = 0; i < positions.size(); i += 7) {
                try (WalReader reader = wal.read(positions.get(i))) {
                    assertTrue(reader.next());
                    assertEquals(positions.get(i), reader.position());
                    assertEquals(i + 1, reader.sequence());
                }
            }
            try (WalReader reader = wal.read(wal.end())) {
                assertFalse(reader.next());
                wal.append(put("later", ""));
                assertTrue(reader.next());
                assertEquals(1001, reader.sequence());
            }
            Position between = new Position(1, positions.get(5).offset() + 8);
            PositionUnavailableException e = assertThrows(PositionUnavailableException.class, () -> wal.read(between));
            assertEquals(wal.start(), e.start());
            assertEquals(wal.end(), e.end());
            assertThrows(PositionUnavailableException.class, () -> wal.read(new Position(1, 17)), "in the header");
            assertThrows(PositionUnavailableException.class, () -> wal.read(new Position(1, Long.MAX_VALUE)));
            assertThrows(PositionUnavailableException.class, () -> wal.read(new Position(99, 4096)));
        }
    }

    @Test
    void aReaderThatOpensAFileWhileTheLogIsClosedKeepsNone() {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        Wal wal = Engine.builder(directory).storage(storage).open();
        wal.append(put("a", "1"));
        WalReader reader = wal.read(Position.START);
        storage.hook = (operation, file) -> {
            if (operation.equals("openReadOnly")) {
                wal.close();
            }
        };
        assertThrows(WalClosedException.class, reader::next);
        reader.close();
        assertEquals(0, storage.openFiles());
    }

    @Test
    void aReaderWaitsForAnAppendWithoutPolling() throws Exception {
        try (Wal wal = Wal.open(directory)) {
            try (WalReader reader = wal.read(wal.end())) {
                assertFalse(reader.next(Duration.ofMillis(1)));
                Thread appender = new Thread(() -> wal.append(put("late", "1")));
                appender.start();
                assertTrue(reader.next(Duration.ofSeconds(30)));
                assertEquals(1, reader.sequence());
                appender.join();
                Thread.currentThread().interrupt();
                assertFalse(reader.next(Duration.ofSeconds(30)));
                assertTrue(Thread.interrupted());
            }
        }
    }

    @Test
    void aDurableOnlyReaderSeesNoMoreThanIsOnTheDevice() {
        try (Wal wal = Wal.open(WalConfig.builder(directory).fsync("os").build());
                WalReader reader = wal.read(Position.START, ReadOptions.DEFAULT.withDurableOnly())) {
            wal.append(put("a", "1"));
            assertFalse(reader.next());
            wal.sync();
            assertTrue(reader.next());
        }
    }

    @Test
    void theTimerOfBatchIsARealOne() {
        WalConfig config = WalConfig.builder(directory)
                .fsync("batch")
                .fsyncWindow(Duration.ofMillis(1))
                .build();
        try (Wal wal = Wal.open(config);
                WalReader durable = wal.read(Position.START, ReadOptions.DEFAULT.withDurableOnly())) {
            for (int i = 1; i <= 20; i++) {
                wal.append(put("a", "" + i));
                assertTrue(durable.next(Duration.ofSeconds(60)), "nobody appends or syncs, and yet it is forced");
                assertEquals(i, durable.sequence());
            }
        }
    }

    @Test
    void viewsShowKeyAndValueAndStreamsGiveEntriesToKeep() {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            wal.append(put("b", "22"));
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next());
                assertEquals(ByteBuffer.wrap(bytes("a")), reader.key());
                assertEquals(ByteBuffer.wrap(bytes("1")), reader.value());
                assertTrue(reader.value().isReadOnly());
                assertEquals(wal.start(), reader.position());
                assertTrue(reader.next());
                assertEquals(ByteBuffer.wrap(bytes("22")), reader.value());
                assertEquals(wal.end(), reader.nextPosition());
                assertFalse(reader.next());
                assertEquals(wal.end(), reader.nextPosition());
            }
            assertEquals(2, wal.read(Position.START).stream().count());
        }
    }

    @Test
    void anEmptyLogHasAnEmptyRange() {
        try (Wal wal = Wal.open(directory)) {
            assertEquals(wal.start(), wal.end());
            assertEquals(wal.end(), wal.durableEnd());
            assertEquals(wal.end(), wal.sync());
            assertEquals(List.of(), wal.segments());
            assertEquals(List.of(), entries(wal));
            assertEquals(List.of(), entries(wal, wal.end()));
        }
        try (Wal wal = Wal.open(directory)) {
            assertEquals(0, wal.recovery().records());
        }
    }

    @Test
    void afterClosingNothingWorksButAsking() {
        Wal wal = Wal.open(directory);
        wal.append(put("a", "1"));
        WalReader reader = wal.read(Position.START);
        wal.close();
        wal.close();
        assertEquals(WalState.CLOSED, wal.state());
        assertEquals(
                Outcome.REJECTED,
                assertThrows(WalClosedException.class, () -> wal.append(put("b", "2")))
                        .outcome());
        assertThrows(WalClosedException.class, wal::sync);
        assertThrows(WalClosedException.class, reader::next);
        assertThrows(WalClosedException.class, () -> wal.read(Position.START));
        assertThrows(WalClosedException.class, () -> wal.deleteSegmentsBefore(Position.START));
        assertTrue(wal.appendAsync(put("b", "2")).isCompletedExceptionally());
        assertTrue(wal.recovery().clean());
    }

    @Test
    void anUnknownCodecRejectsTheAppendAndSaysWhatToAdd() {
        try (Wal wal = Wal.open(directory)) {
            UnknownCodecException e = assertThrows(
                    UnknownCodecException.class, () -> wal.append(put("a", "1").withCodec("zstd")));
            assertEquals(Outcome.REJECTED, e.outcome());
            assertTrue(e.getMessage().contains("wal-codec-zstd"), e.getMessage());
            wal.append(put("a", "1").withCodec("none"));
        }
    }
}
