package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deletion. */
@Needs(Capability.SEGMENT_DELETION)
abstract class DeletionRules extends WalRules {
    DeletionRules() {}

    @BeforeEach
    final void segments() {
        smallSegments();
    }

    /** If this fails, look at which segments go: all that end at or before the position, and no other. */
    @Test
    final void optional_W601_deletesTheSegmentsThatEndAtOrBeforeAPosition() {
        try (Wal wal = log().open()) {
            fill(wal, 5);
            List<SegmentInfo> before = wal.segments();
            assertEquals(1, wal.deleteSegmentsBefore(before.get(0).end()));
            assertEquals(1, wal.deleteSegmentsBefore(before.get(2).start()));
            assertEquals(
                    before.subList(2, 5).stream().map(SegmentInfo::number).toList(),
                    wal.segments().stream().map(SegmentInfo::number).toList());
            assertEquals(before.get(2).start(), wal.segments().get(0).start());
            assertEquals(0, wal.deleteSegmentsBefore(before.get(2).start()));
        }
    }

    /** If this fails, look at positions inside a segment: it is kept whole, with what lies before the position. */
    @Test
    final void optional_W602_keepsTheSegmentThatHoldsThePosition() {
        try (Wal wal = log().open()) {
            List<Position> positions = fill(wal, 4);
            Position inside = positions.get(positions.size() / 2);
            List<Entry> all = entries(wal);
            wal.deleteSegmentsBefore(inside);
            List<Entry> kept = entries(wal);
            assertTrue(wal.start().compareTo(inside) <= 0);
            assertEquals(all.subList(all.size() - kept.size(), all.size()), kept);
            assertTrue(kept.stream().anyMatch(entry -> entry.position().equals(inside)));
        }
    }

    /** If this fails, look at deletion at the end: what is being appended to is sealed and goes too. */
    @Test
    final void optional_W603_deletesEverythingUpToTheEndAndGoesOn() {
        try (Wal wal = log().open()) {
            for (int round = 0; round < 3; round++) {
                int there = append(wal, records(0, 10)).size();
                assertTrue(wal.deleteSegmentsBefore(wal.end()) >= 1);
                assertEquals(wal.end(), wal.start());
                assertTrue(entries(wal).isEmpty());
                assertTrue(wal.segments().stream().allMatch(segment -> segment.records() == 0));
                wal.append(record(1));
                assertEquals(
                        there * (round + 1L) + round + 1, entries(wal).get(0).sequence());
            }
        }
    }

    /** If this fails, look at positions that lie beyond the end: nothing may be deleted for them. */
    @Test
    final void optional_W604_refusesToDeleteBeyondTheEnd() {
        try (Wal wal = log().open()) {
            fill(wal, 2);
            Position beyond = new Position(wal.end().segment(), wal.end().offset() + 8);
            int before = wal.segments().size();
            assertThrows(PositionUnavailableException.class, () -> wal.deleteSegmentsBefore(beyond));
            assertThrows(
                    PositionUnavailableException.class,
                    () -> wal.deleteSegmentsBefore(new Position(wal.end().segment() + 1, 0)));
            assertEquals(before, wal.segments().size());
        }
    }

    /** If this fails, look at deletion where there is nothing to delete. */
    @Test
    final void optional_W605_deletesNothingBeforeTheStart() {
        try (Wal wal = log().open()) {
            assertEquals(0, wal.deleteSegmentsBefore(Position.START));
            append(wal, records(0, 5));
            assertEquals(0, wal.deleteSegmentsBefore(Position.START));
            assertEquals(0, wal.deleteSegmentsBefore(wal.start()));
            assertEquals(5, entries(wal).size());
        }
    }

    /** If this fails, look at positions below the start: reading there is refused and tells where to go on. */
    @Test
    final void optional_W606_refusesToReadWhatWasDeletedAndTellsWhereToContinue() {
        try (Wal wal = log().open()) {
            Position first = fill(wal, 4).get(0);
            wal.deleteSegmentsBefore(wal.segments().get(2).start());
            PositionUnavailableException refused = assertThrows(
                    PositionUnavailableException.class, () -> wal.read(first).close());
            assertEquals(wal.start(), refused.start());
            try (WalReader reader = wal.read(refused.start())) {
                assertTrue(reader.next());
            }
            assertEquals(wal.start(), entries(wal).get(0).position());
        }
    }

    /** If this fails, look at deletion and recovery: nothing comes back, no position names something else. */
    @Test
    final void optional_W607_keepsDeletedWhatWasDeletedAndNeverReusesPositions() {
        Set<Position> ever = new HashSet<>();
        for (int life = 0; life < 4; life++) {
            try (Wal wal = log().open()) {
                assertTrue(entries(wal).isEmpty(), "what was deleted came back");
                for (int i = 0; i < 30; i++) {
                    Position at = wal.append(record(i, 4_000));
                    assertTrue(ever.add(at), () -> at + " was handed out again");
                }
                wal.deleteSegmentsBefore(wal.end());
            }
        }
        try (Wal wal = log().open()) {
            wal.append(record(0));
            assertEquals(121, entries(wal).get(0).sequence());
        }
    }

    /** If this fails, look at readers of deleted segments: they finish what they read or tell that it is gone. */
    @Test
    final void stochastic_W608_neverShowsWrongRecordsWhileSegmentsAreDeleted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Wal wal = log().open()) {
            int count = 250;
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> readWhileDeleting(wal, count)));
            }
            for (int i = 0; i < count; i++) {
                wal.append(record(i, 1_500));
                if (i % 50 == 49) {
                    List<SegmentInfo> segments = wal.segments();
                    wal.deleteSegmentsBefore(segments.get(segments.size() / 2).start());
                }
            }
            for (Future<?> each : readers) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** If this fails, look at readers from the start of a log that was emptied: they wait for what comes next. */
    @Test
    final void optional_W609_letsReadersWaitWhereEverythingWasDeleted() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 10));
            wal.deleteSegmentsBefore(wal.end());
            try (WalReader reader = wal.read(Position.START)) {
                assertTimeoutPreemptively(
                        Duration.ofMinutes(1),
                        () -> assertFalse(reader.next(Duration.ofMillis(1)), "there is nothing to read"),
                        "a wait of a millisecond does not end");
                wal.append(record(10));
                assertTrue(reader.next());
                assertEquals(11, reader.sequence());
            }
        }
    }

    /** If this fails, look at readers that are behind when all is deleted: the end of the log is not theirs. */
    @Test
    final void optional_W610_tellsReadersThatWhatTheyHadNotReadIsGone() {
        try (Wal wal = log().open()) {
            int count = fill(wal, 4).size();
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next());
                wal.deleteSegmentsBefore(wal.end());
                long last = reader.sequence();
                try {
                    while (reader.next()) {
                        assertEquals(last + 1, reader.sequence());
                        last++;
                    }
                    assertEquals(count, last, "the reader ended before the last record, and did not say why");
                } catch (PositionUnavailableException gone) {
                    assertEquals(wal.start(), gone.start());
                }
            }
        }
    }

    private static void readWhileDeleting(Wal wal, int count) {
        long last = 0;
        while (last < count) {
            try (WalReader reader = wal.read(Position.START)) {
                while (reader.next()) {
                    last = reader.sequence();
                    assertEquals(
                            "key-" + (last - 1),
                            new String(reader.record().keyBytes(), java.nio.charset.StandardCharsets.UTF_8));
                }
            } catch (PositionUnavailableException gone) {
                assertFalse(gone.start().equals(Position.START), "the exception does not tell what is retained");
            }
        }
    }
}
