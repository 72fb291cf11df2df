package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteSegmentsTest {
    @TempDir
    Path directory;

    private Wal open() {
        return Wal.open(WalConfig.builder(directory).segmentBytes(64 << 10).build());
    }

    private static void fill(Wal wal, int records) {
        for (int i = 0; i < records; i++) {
            wal.append(bytes("key"), new byte[1000]);
        }
    }

    @Test
    void whatEndsAtOrBeforeThePositionGoesAndStaysAway() throws Exception {
        Position start;
        try (Wal wal = open()) {
            fill(wal, 300);
            List<SegmentInfo> segments = wal.segments();
            assertEquals(0, wal.deleteSegmentsBefore(wal.start()));
            assertEquals(2, wal.deleteSegmentsBefore(segments.get(1).end()));
            start = wal.start();
            assertEquals(segments.get(2).start(), start);
            assertFalse(Files.exists(directory.resolve(segments.get(0).name())));
            assertThrows(
                    PositionUnavailableException.class,
                    () -> wal.read(segments.get(0).start()));
            // where the last deleted segment ended is where the log starts
            assertEquals(entries(wal), entries(wal, segments.get(1).end()));
            fill(wal, 10);
        }
        try (Wal wal = open()) {
            assertEquals(start, wal.start());
            assertTrue(wal.recovery().clean());
        }
    }

    @Test
    void upToTheEndDeletesTheActiveSegmentTooAndAppendingGoesOn() {
        Position end;
        try (Wal wal = open()) {
            fill(wal, 5);
            end = wal.end();
            assertEquals(1, wal.deleteSegmentsBefore(end));
            assertEquals(List.of(), wal.segments());
            assertEquals(end, wal.end());
            assertEquals(end, wal.start());
            assertEquals(0, wal.deleteSegmentsBefore(end));
            assertEquals(List.of(), entries(wal, end));
            Position next = wal.append(put("next", ""));
            assertTrue(next.compareTo(end) > 0);
            assertEquals(6, entries(wal, end).get(0).sequence());
            wal.deleteSegmentsBefore(wal.end());
        }
        try (Wal wal = open()) {
            assertEquals(List.of(), entries(wal));
            Position next = wal.append(put("again", ""));
            assertTrue(next.segment() > 2, next.toString());
            assertEquals(7, entries(wal).get(0).sequence());
        }
        try (Wal wal = open()) {
            assertEquals(7, entries(wal).get(0).sequence());
            assertThrows(PositionUnavailableException.class, () -> wal.read(end));
        }
    }

    @Test
    void beyondTheEndIsRefused() {
        try (Wal wal = open()) {
            fill(wal, 5);
            Position beyond = new Position(wal.end().segment(), wal.end().offset() + 8);
            assertThrows(PositionUnavailableException.class, () -> wal.deleteSegmentsBefore(beyond));
            assertEquals(5, entries(wal).size());
        }
    }

    @Test
    void deletedSegmentsThatComeBackAreNotPartOfTheLog() throws Exception {
        byte[] first;
        try (Wal wal = open()) {
            fill(wal, 100);
            first = Files.readAllBytes(directory.resolve("0000000001.wal"));
            assertEquals(1, wal.deleteSegmentsBefore(wal.segments().get(0).end()));
        }
        Files.write(directory.resolve("0000000001.wal"), first);
        try (Wal wal = open()) {
            assertTrue(wal.start().segment() > 1);
        }
        assertFalse(Files.exists(directory.resolve("0000000001.wal")));
    }

    @Test
    void aReaderWhoseSegmentIsDeletedFinishesItOrIsToldWhereToGoOn() {
        try (Wal wal = open()) {
            fill(wal, 300);
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next());
                wal.deleteSegmentsBefore(wal.segments().get(2).end());
                long last = 1;
                PositionUnavailableException told = null;
                while (told == null) {
                    try {
                        assertTrue(reader.next());
                        assertEquals(++last, reader.sequence());
                    } catch (PositionUnavailableException e) {
                        told = e;
                    }
                }
                assertEquals(wal.start(), told.start());
                assertFalse(entries(wal, told.start()).isEmpty());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReaderFromTheStartWaitsWhereEverythingWasDeleted(boolean reopened) {
        Wal wal = open();
        fill(wal, 5);
        wal.deleteSegmentsBefore(wal.end());
        if (reopened) {
            wal.close();
            wal = open();
        }
        try (Wal log = wal;
                WalReader reader = log.read(Position.START)) {
            assertTimeoutPreemptively(
                    Duration.ofMinutes(1), () -> assertFalse(reader.next(Duration.ofMillis(1)), "it waits, and ends"));
            assertEquals(log.end(), reader.nextPosition());
            log.append(put("next", ""));
            assertTrue(reader.next(ChronoUnit.FOREVER.getDuration()));
            assertEquals(6, reader.sequence());
        }
    }

    @Test
    void aReaderBeforeDeletedRecordsSaysSoAlsoIfNothingIsLeft() {
        try (Wal wal = open()) {
            fill(wal, 300);
            try (WalReader behind = wal.read(Position.START)) {
                assertTrue(behind.next());
                wal.deleteSegmentsBefore(wal.end());
                assertThrows(PositionUnavailableException.class, () -> drain(behind));
                fill(wal, 10);
                assertThrows(PositionUnavailableException.class, behind::next);
                assertThrows(PositionUnavailableException.class, behind::next, "each time");
            }
        }
    }

    @Test
    void aReaderThatWaitedAtTheEndDoesNotPassOverWhatWasDeletedSince() {
        try (Wal wal = open()) {
            fill(wal, 5);
            Position end = wal.end();
            wal.deleteSegmentsBefore(end);
            try (WalReader started = wal.read(Position.START);
                    WalReader atTheEnd = wal.read(end)) {
                assertFalse(started.next());
                fill(wal, 300);
                wal.deleteSegmentsBefore(wal.segments().get(1).end());
                assertThrows(PositionUnavailableException.class, started::next);
                assertThrows(PositionUnavailableException.class, atTheEnd::next);
            }
        }
    }

    private static void drain(WalReader reader) {
        while (reader.next()) {}
    }

    /** Else what is acknowledged would be in a file that is gone. */
    @Test
    void theLastSegmentIsNotDeletedWhileItIsBeingContinued() throws Exception {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        EngineBuilder builder =
                Engine.builder(Path.of("unused")).storage(storage).fsync((pending, own) -> FsyncStrategy.NOW);
        try (Wal wal = builder.open()) {
            wal.append(put("first", "1"));
        }
        CountDownLatch continuing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Wal wal = builder.open()) {
            Position end = wal.end();
            storage.hook = (operation, file) -> {
                if (operation.equals("force") && file.equals("0000000001.wal")) {
                    continuing.countDown();
                    Latches.await(goOn);
                }
            };
            Thread appending = new Thread(() -> wal.append(put("second", "2")));
            appending.start();
            continuing.await();
            Thread deleting = new Thread(() -> wal.deleteSegmentsBefore(end));
            deleting.start();
            while (deleting.getState() != Thread.State.WAITING && deleting.isAlive()) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            appending.join();
            deleting.join();
            assertEquals(List.of("first", "second"), Logs.keys(wal));
        }
        try (Wal wal = builder.open()) {
            assertEquals(List.of("first", "second"), Logs.keys(wal));
        }
    }
}
