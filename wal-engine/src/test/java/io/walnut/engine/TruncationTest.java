package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TruncationTest {
    @TempDir
    Path directory;

    /** Nothing is forced by a timer, as a force puts a frame before the next record. */
    private WalConfig config(String io) {
        return WalConfig.builder(directory)
                .segmentBytes(64 << 10)
                .set("wal.fsync", "os")
                .set("wal.io", io)
                .build();
    }

    private Wal open() {
        return Wal.open(config("auto"));
    }

    private static List<Position> fill(Wal wal, int records) {
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            positions.add(wal.append(bytes("key-" + i), new byte[1000]));
        }
        return positions;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "channel"})
    void everythingBehindTheRecordGoesAndStaysAway(String io) {
        List<Entry> kept;
        try (Wal wal = Wal.open(config(io))) {
            List<Position> positions = fill(wal, 300);
            List<Entry> all = entries(wal);
            Position end = wal.truncateAfter(positions.get(99));
            assertEquals(positions.get(100), end);
            assertEquals(end, wal.end());
            assertEquals(end, wal.durableEnd());
            assertEquals(all.subList(0, 100), entries(wal));
            Position next = wal.append(put("next", ""));
            assertTrue(next.compareTo(positions.get(299)) > 0, "a position is never used again");
            kept = entries(wal);
            assertEquals(101, kept.get(100).sequence());
            assertEquals(kept.subList(100, 101), entries(wal, end));
            assertEquals(next, wal.positionOf(101));
            assertThrows(PositionUnavailableException.class, () -> wal.read(positions.get(200)));
            assertThrows(PositionUnavailableException.class, () -> wal.read(positions.get(102)));
        }
        try (Wal wal = open()) {
            assertTrue(wal.recovery().clean());
            assertEquals(kept, entries(wal));
            fill(wal, 100);
            assertEquals(kept, entries(wal).subList(0, 101));
        }
    }

    @Test
    void canBeRepeatedAndReachBackBeyondAnEarlierOne() {
        List<Entry> kept;
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 200);
            for (int last : new int[] {150, 149, 80, 79, 3}) {
                fill(wal, 70);
                wal.truncateAfter(positions.get(last));
                assertEquals(last + 1, entries(wal).size());
            }
            List<Position> more = fill(wal, 200);
            wal.truncateAfter(more.get(100));
            fill(wal, 2);
            kept = entries(wal);
            assertEquals(4 + 101 + 2, kept.size());
        }
        try (Wal wal = open()) {
            assertEquals(kept, entries(wal));
        }
    }

    /** Nothing was forced since: only the line of the cut tells what there was. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "without its first frame"})
    void whatItKeptIsMissedWhenItIsLost(String how) throws IOException {
        try (Wal wal = open()) {
            wal.truncateAfter(fill(wal, 10).get(3));
        }
        Path only = directory.resolve("0000000001.wal");
        if (how.equals("missing")) {
            Files.delete(only);
        } else {
            zero(only, 4096, 8192);
        }
        WalCorruptException e = assertThrows(WalCorruptException.class, this::open);
        assertTrue(e.getMessage().contains("Nothing was changed"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void damageInWhatItKeptIsRefusedUntilItIsLeftBehind(boolean continued) throws IOException {
        List<Entry> kept;
        Position damaged;
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 10);
            damaged = positions.get(2);
            wal.truncateAfter(positions.get(3));
            kept = entries(wal).subList(0, 2);
            if (continued) {
                fill(wal, 100);
            }
        }
        zero(directory.resolve("0000000001.wal"), damaged.offset(), 64 << 10);
        assertThrows(WalCorruptException.class, this::open);
        WalConfig truncating = WalConfig.builder(directory)
                .segmentBytes(64 << 10)
                .set("wal.recovery", "truncate")
                .build();
        try (Wal wal = Wal.open(truncating)) {
            assertEquals(kept, entries(wal));
            assertTrue(wal.recovery().notes().toString().contains("kept what is valid"));
        }
        for (int life = 3; life < 6; life++) {
            try (Wal wal = open()) {
                assertTrue(wal.recovery().clean());
                assertEquals(kept, entries(wal).subList(0, 2));
                wal.append(put("after", ""));
                assertEquals(life, wal.nextSequence() - 1);
            }
        }
    }

    private static void zero(Path file, long from, long to) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) (Math.min(to, channel.size()) - from)), from);
        }
    }

    @Test
    void afterTheLastRecordNothingChanges() {
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 10);
            Position end = wal.end();
            assertEquals(end, wal.truncateAfter(positions.get(9)));
            assertEquals(end, wal.end());
            assertEquals(1, wal.segments().size());
            assertEquals(end.segment(), wal.append(put("there", "")).segment(), "nothing was sealed for nothing");
        }
    }

    @Test
    void aBatchCanBeCutInTwo() throws Exception {
        List<Entry> kept;
        Path copy = directory.resolve("copy");
        try (Wal wal = open()) {
            List<Position> positions =
                    wal.appendBatch(List.of(put("a", "1"), put("b", "2"), put("c", "3"), put("d", "4")));
            wal.truncateAfter(positions.get(1));
            assertEquals(List.of("a", "b"), Logs.keys(wal));
            wal.append(put("e", "5"));
            kept = entries(wal);
            Logs.copy(directory, copy);
        }
        try (Wal wal = open()) {
            assertEquals(kept, entries(wal));
            assertEquals(List.of(1L, 2L, 3L), kept.stream().map(Entry::sequence).toList());
        }
        Path cutOff = Logs.segmentFiles(copy).get(0);
        try (FileChannel file = FileChannel.open(cutOff, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 8); // without a footer it is read frame by frame, and the batch is not closed
        }
        try (Wal wal = Wal.open(copy)) {
            assertEquals(kept, entries(wal));
        }
    }

    @Test
    void whereNoRecordStartsIsRefused() {
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 100);
            Position inside =
                    new Position(positions.get(5).segment(), positions.get(5).offset() + 8);
            for (Position wrong : List.of(Position.START, inside, new Position(99, 0), new Position(1, 0))) {
                assertThrows(PositionUnavailableException.class, () -> wal.truncateAfter(wrong), wrong.toString());
            }
            assertEquals(100, entries(wal).size());
            wal.close();
            assertThrows(WalClosedException.class, () -> wal.truncateAfter(positions.get(0)));
        }
    }

    @Test
    void readersBehindTheNewEndAreToldAndOthersGoOn() {
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 300);
            try (WalReader before = wal.read(Position.START);
                    WalReader at = wal.read(positions.get(100));
                    WalReader sameSegment = wal.read(positions.get(105));
                    WalReader later = wal.read(positions.get(250));
                    WalReader atEnd = wal.read(wal.end())) {
                assertTrue(before.next());
                assertTrue(sameSegment.next());
                assertTrue(later.next());
                wal.truncateAfter(positions.get(99));
                assertFalse(at.next());
                assertThrows(PositionUnavailableException.class, sameSegment::next);
                assertThrows(PositionUnavailableException.class, later::next);
                wal.append(put("new", ""));
                PositionUnavailableException told = assertThrows(PositionUnavailableException.class, atEnd::next);
                assertEquals(wal.end(), told.end());
                assertTrue(at.next());
                assertEquals(101, at.sequence());
                for (int i = 2; i <= 101; i++) {
                    assertTrue(before.next());
                    assertEquals(i, before.sequence());
                }
                assertFalse(before.next());
            }
        }
    }

    @Test
    void aReadOnlyLogOfBeforeIsToldToo() {
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 300);
            wal.sync();
            try (Wal beside = Wal.openReadOnly(config("auto"));
                    WalReader reader = beside.read(Position.START)) {
                assertTrue(reader.next());
                wal.truncateAfter(positions.get(9));
                assertThrows(PositionUnavailableException.class, () -> {
                    while (reader.next()) {}
                });
            }
            try (Wal beside = Wal.openReadOnly(config("auto"))) {
                assertEquals(10, entries(beside).size());
            }
        }
    }

    @Test
    void appendsThatAreUnderWayKeepTheirOneOutcome() throws Exception {
        try (Wal wal = open()) {
            Position first = wal.append(put("first", ""));
            int threads = 4;
            int each = 50;
            CyclicBarrier start = new CyclicBarrier(threads + 1);
            List<CompletableFuture<Void>> appenders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                WalRecord record = put("thread-" + t, "x".repeat(500));
                appenders.add(CompletableFuture.runAsync(
                        () -> {
                            await(start);
                            for (int i = 0; i < each; i++) {
                                if (i % 2 == 0) {
                                    wal.append(record, io.walnut.api.Durability.DEVICE);
                                } else {
                                    wal.appendAsync(record).join();
                                }
                            }
                        },
                        task -> new Thread(task).start()));
            }
            await(start);
            for (int i = 0; i < 20; i++) {
                wal.truncateAfter(first);
            }
            for (CompletableFuture<Void> appender : appenders) {
                appender.join();
            }
            List<Entry> left = entries(wal);
            for (int i = 0; i < left.size(); i++) {
                assertEquals(i + 1, left.get(i).sequence());
            }
            assertEquals(wal.end(), wal.sync());
            wal.truncateAfter(first);
            assertEquals(1, entries(wal).size());
        }
        try (Wal wal = open()) {
            assertEquals(1, entries(wal).size());
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFollowerGoesOnWithWhatComesInstead() {
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 3);
            try (WalReader follower = wal.read(positions.get(1))) {
                assertTrue(follower.next());
                wal.truncateAfter(positions.get(1));
                CompletableFuture<Boolean> waits =
                        CompletableFuture.supplyAsync(() -> follower.next(Duration.ofMinutes(1)));
                wal.append(put("instead", ""));
                assertTrue(waits.join());
                assertEquals(3, follower.sequence());
            }
        }
    }

    @Test
    void deletionAndTruncationGoTogether() throws Exception {
        List<Entry> kept;
        try (Wal wal = open()) {
            List<Position> positions = fill(wal, 400);
            wal.deleteSegmentsBefore(positions.get(150));
            wal.truncateAfter(positions.get(200));
            assertThrows(PositionUnavailableException.class, () -> wal.truncateAfter(positions.get(0)));
            wal.deleteSegmentsBefore(wal.end());
            assertEquals(List.of(), entries(wal));
            wal.append(put("only", ""));
            kept = entries(wal);
            assertEquals(202, kept.get(0).sequence());
        }
        try (Wal wal = open()) {
            assertEquals(kept, entries(wal));
        }
        assertEquals(1, Logs.segmentFiles(directory).size());
        assertFalse(Files.exists(directory.resolve("quarantine")));
    }
}
