package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.storage.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedValuesTest {
    private static final int LONG = 500_000; // beside segments of 64 KiB and chunks of 16

    @TempDir
    Path directory;

    private Wal open(String... more) {
        WalConfig.Builder config =
                WalConfig.builder(directory).segmentBytes(64 << 10).maxValueBytes(100_000);
        for (int i = 0; i < more.length; i += 2) {
            config.set(more[i], more[i + 1]);
        }
        return Wal.open(config.build());
    }

    private static byte[] read(Wal wal, Position at) throws IOException {
        try (WalReader reader = wal.read(at)) {
            assertTrue(reader.next());
            assertEquals(at, reader.position());
            try (InputStream value = reader.valueStream()) {
                return value.readAllBytes();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "channel"})
    void comeBackFromAsManySegmentsAsTheyNeed(String io) throws Exception {
        byte[] value = Logs.random(LONG, 1);
        Position at;
        try (Wal wal = open("wal.io", io)) {
            wal.append(put("before", "1"));
            at = wal.append(bytes("long"), new ByteArrayInputStream(value), LONG);
            wal.append(put("after", "2"));
            assertArrayEquals(value, read(wal, at));
            assertEquals(List.of("before", "long", "after"), Logs.keys(wal));
            assertEquals(at, wal.positionOf(2));
            assertTrue(wal.segments().size() > 7);
        }
        try (Wal wal = open("wal.io", io)) {
            assertEquals(3, wal.recovery().records());
            assertArrayEquals(value, read(wal, at));
        }
        try (Wal wal = Wal.openReadOnly(WalConfig.builder(directory).build())) {
            assertArrayEquals(value, read(wal, at));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 32_768, 70_000})
    void haveAnyLength(int length) throws Exception {
        byte[] value = Logs.random(length, length);
        try (Wal wal = open()) {
            Position at = wal.append(bytes("k"), new ByteArrayInputStream(value), length);
            assertArrayEquals(value, read(wal, at));
            try (WalReader reader = wal.read(at)) {
                reader.next();
                assertEquals(length, reader.valueLength());
                assertEquals(length > 16_384, reader.isStreamed());
            }
        }
    }

    @Test
    void mayBeLongerThanOtherValuesMayBeAndShorterThanAChunk() throws Exception {
        byte[] value = Logs.random(5_000, 1);
        try (Wal wal = open("wal.record.max.value.bytes", "1000")) {
            assertThrows(RecordTooLargeException.class, () -> wal.append(bytes("key"), value));
            Position at = wal.append(bytes("key"), new ByteArrayInputStream(value), value.length);
            assertArrayEquals(value, read(wal, at));
        }
    }

    @Test
    void areReadOnlyAsTheStreamsTheyAre() throws Exception {
        WalRecord given = WalRecord.put(bytes("k"), new byte[0])
                .withTimestamp(Instant.ofEpochSecond(1_000_000_000))
                .withTtl(Duration.ofDays(9))
                .withVersion(3, 4);
        try (Wal wal = open()) {
            Position at = wal.append(given, new ByteArrayInputStream(new byte[LONG]), LONG);
            Entry entry = Logs.entries(wal).get(0);
            assertTrue(entry.record().isStreamed());
            assertEquals(LONG, entry.record().valueLength());
            assertEquals(given.timestamp(), entry.record().timestamp());
            assertEquals(given.ttl(), entry.record().ttl());
            assertEquals(given.version(), entry.record().version());
            assertThrows(RecordTooLargeException.class, () -> entry.record().value());
            assertThrows(RecordTooLargeException.class, () -> entry.record().valueBytes());
            assertThrows(RecordTooLargeException.class, () -> wal.append(entry.record()));
            try (WalReader reader = wal.read(at)) {
                reader.next();
                assertThrows(RecordTooLargeException.class, reader::value);
                InputStream value = reader.valueStream();
                reader.close();
                assertEquals(0, value.read());
                wal.close();
                assertThrows(WalClosedException.class, () -> value.readAllBytes());
                value.close();
            }
        }
    }

    @Test
    void aStreamThatFailsOrEndsEarlyLeavesNoRecord() throws Exception {
        try (Wal wal = open()) {
            wal.append(put("a", ""));
            WalException tooShort = assertThrows(
                    WalException.class,
                    () -> wal.append(bytes("k"), new ByteArrayInputStream(new byte[LONG - 1]), LONG));
            assertEquals(WalException.Outcome.REJECTED, tooShort.outcome());
            assertEquals(WalException.Reason.IO, tooShort.reason());
            IOException cause = new IOException("torn");
            WalException broken = assertThrows(
                    WalException.class, () -> wal.append(bytes("k"), new BrokenStream(100_000, cause), LONG));
            assertEquals(cause, broken.getCause());
            assertEquals(WalState.OPEN, wal.state());
            assertThrows(IllegalArgumentException.class, () -> wal.append(bytes("k"), new BrokenStream(0, cause), -1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> wal.append(WalRecord.delete(bytes("k")), new BrokenStream(0, cause), 5));
            wal.append(put("b", ""));
            assertEquals(List.of("a", "b"), Logs.keys(wal));
        }
        try (Wal wal = open()) {
            assertEquals(List.of("a", "b"), Logs.keys(wal));
        }
    }

    /** Gives zeros, and then fails. */
    private static final class BrokenStream extends InputStream {
        private int left;
        private final IOException failure;

        BrokenStream(int bytes, IOException failure) {
            this.left = bytes;
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            if (left-- <= 0) {
                throw failure;
            }
            return 0;
        }
    }

    @Test
    void othersAppendMeanwhileAndDeletionKeepsWhatIsUnderWay() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        byte[] value = Logs.random(LONG, 3);
        InputStream slow = new ByteArrayInputStream(value) {
            @Override
            public int read(byte[] target, int offset, int length) {
                if (available() <= LONG / 2) {
                    half.countDown();
                    Latches.await(goOn);
                }
                return super.read(target, offset, length);
            }
        };
        try (Wal wal = open()) {
            wal.append(put("first", ""));
            CompletableFuture<Position> slowly =
                    CompletableFuture.supplyAsync(() -> wal.append(bytes("slow"), slow, LONG));
            half.await();
            wal.append(put("meanwhile", ""));
            assertEquals(0, wal.deleteSegmentsBefore(wal.end()), "its first part is in the first segment");
            goOn.countDown();
            Position at = slowly.join();
            assertEquals(List.of("first", "meanwhile", "slow"), Logs.keys(wal));
            wal.append(bytes("x"), new byte[60_000]);
            wal.append(bytes("y"), new byte[60_000]);
            assertEquals(0, wal.deleteSegmentsBefore(at), "the record at the position needs the first segment");
            assertArrayEquals(value, read(wal, at));
            int all = wal.segments().size();
            assertTrue(wal.deleteSegmentsBefore(wal.end()) == all);
        }
    }

    @Test
    void aTruncationRejectsWhatIsUnderWay() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream slow = new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
                if (++given == LONG / 2) {
                    half.countDown();
                    Latches.await(goOn);
                }
                return 1;
            }
        };
        try (Wal wal = open()) {
            Position first = wal.append(put("first", ""));
            wal.append(put("second", ""));
            CompletableFuture<Position> slowly =
                    CompletableFuture.supplyAsync(() -> wal.append(bytes("slow"), slow, LONG));
            half.await();
            wal.truncateAfter(first);
            goOn.countDown();
            Throwable refused = assertThrows(Exception.class, slowly::join).getCause();
            assertEquals(WalException.Outcome.REJECTED, ((WalException) refused).outcome());
            wal.append(put("third", ""));
            assertEquals(List.of("first", "third"), Logs.keys(wal));
        }
        try (Wal wal = open()) {
            assertEquals(List.of("first", "third"), Logs.keys(wal));
        }
    }

    @Test
    void aValueWhosePartsWereDeletedBeforeItIsReadTellsWhereToGoOn() throws Exception {
        try (Wal wal = open()) {
            Position at = wal.append(bytes("k"), new ByteArrayInputStream(Logs.random(LONG, 5)), LONG);
            Position next = wal.append(put("next", ""));
            try (WalReader reader = wal.read(at)) {
                reader.next();
                try (InputStream value = reader.valueStream()) {
                    wal.deleteSegmentsBefore(wal.end());
                    Position kept = wal.append(put("kept", ""));
                    assertTrue(kept.compareTo(next) > 0);
                    PositionUnavailableException told =
                            assertThrows(PositionUnavailableException.class, value::readAllBytes);
                    assertEquals(kept, told.start());
                }
            }
        }
    }

    @Test
    void aPartThatCouldNotBeReadIsReadAgainAndNotPassedOver() throws Exception {
        byte[] value = Logs.random(LONG, 7);
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        try (Wal wal = Engine.builder(directory)
                .storage(storage)
                .set("wal.segment.bytes", "64KiB")
                .open()) {
            Position at = wal.append(bytes("k"), new ByteArrayInputStream(value), LONG);
            try (WalReader reader = wal.read(at)) {
                reader.next();
                try (InputStream stream = reader.valueStream()) {
                    Random random = new Random(1);
                    storage.hook = (operation, file) -> {
                        if (List.of("openReadOnly", "read").contains(operation) && random.nextInt(3) == 0) {
                            throw new IOException("Input/output error");
                        }
                    };
                    ByteArrayOutputStream read = new ByteArrayOutputStream();
                    int failures = 0;
                    for (int got = 0; got >= 0; ) {
                        try {
                            int next = stream.read();
                            got = next;
                            if (next >= 0) {
                                read.write(next);
                            }
                        } catch (WalException e) {
                            assertEquals(WalException.Reason.IO, e.reason(), e::getMessage);
                            failures++;
                        }
                    }
                    assertArrayEquals(value, read.toByteArray());
                    assertTrue(failures > 10, () -> "too few reads failed");
                } finally {
                    storage.hook = (operation, file) -> {};
                }
            }
        }
    }

    @Test
    void damageInAPartIsToldAndNotGivenOut() throws Exception {
        Position at;
        byte[] value = Logs.random(LONG, 6);
        try (Wal wal = open()) {
            at = wal.append(bytes("k"), new ByteArrayInputStream(value), LONG);
        }
        Path third = Logs.segmentFiles(directory).get(2);
        try (FileChannel file = FileChannel.open(third, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 20_000);
        }
        try (Wal wal = open();
                WalReader reader = wal.read(at)) {
            reader.next();
            try (InputStream stream = reader.valueStream()) {
                byte[] intact = stream.readNBytes(2 * 48 * 1024);
                for (int i = 0; i < intact.length; i++) {
                    assertEquals(value[i], intact[i]);
                }
                assertThrows(WalCorruptException.class, stream::readAllBytes);
            }
        }
    }

    @Test
    void areCompressedChunkByChunkAndBoundInMemory() throws Exception {
        long length = 64L << 20;
        try (Wal wal = Wal.open(WalConfig.builder(directory)
                .set("wal.preallocator", "none")
                .set("wal.io", "channel")
                .set("wal.unsynced.max.bytes", "8MiB")
                .build())) {
            assertTrue(wal.capabilities().contains(Capability.STREAMED_VALUES));
            Position at = wal.append(bytes("long"), Logs.counting(length), length);
            try (WalReader reader = wal.read(at)) {
                assertTrue(reader.next());
                assertEquals(length, reader.valueLength());
                InputStream expected = Logs.counting(length);
                try (InputStream value = reader.valueStream()) {
                    for (byte[] part = value.readNBytes(1 << 20); part.length > 0; part = value.readNBytes(1 << 20)) {
                        assertArrayEquals(expected.readNBytes(part.length), part);
                    }
                }
                assertEquals(-1, expected.read());
            }
            assertFalse(Logs.entries(wal).isEmpty());
        }
    }
}
