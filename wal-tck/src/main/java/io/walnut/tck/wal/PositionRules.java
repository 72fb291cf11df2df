package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Looking positions up. */
abstract class PositionRules extends WalRules {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    PositionRules() {}

    @BeforeEach
    final void segments() {
        smallSegments();
    }

    /** If this fails, look at the borders: the first and the last record of a segment, the last of the log, after a reopening. */
    @Test
    @Needs(Capability.POSITIONS_BY_SEQUENCE)
    final void optional_W651_findsEveryRecordByItsSequence() {
        try (Wal wal = log().open()) {
            fill(wal, 4);
            append(wal, records(0, 100));
            wal.appendBatch(records(100, 10));
            assertFound(wal);
        }
        try (Wal wal = log().open()) {
            assertFound(wal);
            Position next = wal.append(record(1));
            List<Entry> all = entries(wal);
            assertEquals(next, wal.positionOf(all.get(all.size() - 1).sequence()));
        }
    }

    private static void assertFound(Wal wal) {
        for (Entry entry : entries(wal)) {
            assertEquals(entry.position(), wal.positionOf(entry.sequence()));
        }
    }

    /** If this fails, look at sequences that were deleted, or do not exist yet: the exception says what there is. */
    @Test
    @Needs(Capability.POSITIONS_BY_SEQUENCE)
    final void optional_W652_tellsWhatThereIsWhenASequenceIsNotThere() {
        try (Wal wal = log().open()) {
            assertThrows(PositionUnavailableException.class, () -> wal.positionOf(1));
            fill(wal, 3);
            List<Entry> all = entries(wal);
            long last = all.get(all.size() - 1).sequence();
            for (long absent : new long[] {Long.MIN_VALUE, all.get(0).sequence() - 1, last + 1, Long.MAX_VALUE}) {
                PositionUnavailableException told =
                        assertThrows(PositionUnavailableException.class, () -> wal.positionOf(absent));
                assertEquals(wal.start(), told.start());
                assertEquals(wal.end(), told.end());
            }
            if (wal.capabilities().contains(Capability.SEGMENT_DELETION)) {
                wal.deleteSegmentsBefore(wal.segments().get(0).end());
                assertThrows(
                        PositionUnavailableException.class,
                        () -> wal.positionOf(all.get(0).sequence()));
                assertFound(wal);
            }
        }
    }

    /** If this fails, look at what counts: each record of a batch, and what earlier lives of the log appended. */
    @Test
    @Needs(Capability.NEXT_SEQUENCE)
    final void optional_W653_tellsTheSequenceOfTheNextRecord() {
        try (Wal wal = log().open()) {
            assertEquals(1, wal.nextSequence());
            wal.append(record(0));
            assertEquals(2, wal.nextSequence());
            wal.appendBatch(records(1, 10));
            assertEquals(12, wal.nextSequence());
            wal.appendBatch(List.of());
            wal.appendAsync(record(11)).join();
            assertNext(13, wal);
        }
        try (Wal wal = log().open()) {
            assertNext(14, wal);
        }
    }

    /** Fails unless this is the next sequence, and the one that the next record gets. */
    private static void assertNext(long expected, Wal wal) {
        assertEquals(expected, wal.nextSequence());
        wal.append(record(1));
        List<Entry> all = entries(wal);
        assertEquals(expected, all.get(all.size() - 1).sequence());
        assertEquals(expected + 1, wal.nextSequence());
    }

    /** If this fails, look at where the sequence comes from when there is no record to take it from. */
    @Test
    @Needs(Capability.NEXT_SEQUENCE)
    final void optional_W654_keepsTheNextSequenceWhenEverythingIsDeleted() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 10));
            if (!wal.capabilities().contains(Capability.SEGMENT_DELETION)) {
                throw new TestAbortedException("the backend deletes no segments");
            }
            wal.deleteSegmentsBefore(wal.end());
            assertEquals(11, wal.nextSequence());
        }
        try (Wal wal = log().open()) {
            assertNext(11, wal);
            wal.deleteSegmentsBefore(wal.end());
        }
        try (Wal wal = log().open()) {
            assertNext(12, wal);
        }
    }

    /** If this fails, look at what a truncation takes back, and that nothing else does. */
    @Test
    @Needs(Capability.NEXT_SEQUENCE)
    final void optional_W655_takesTheNextSequenceBackWithWhatIsTruncated() {
        try (Wal wal = log().open()) {
            List<Position> positions = append(wal, records(0, 10));
            if (!wal.capabilities().contains(Capability.SUFFIX_TRUNCATION)) {
                throw new TestAbortedException("the backend truncates nothing");
            }
            wal.truncateAfter(positions.get(6));
            assertEquals(8, wal.nextSequence());
        }
        try (Wal wal = log().open()) {
            assertNext(8, wal);
        }
    }

    /** If this fails, look at the state that is checked first. */
    @Test
    @Needs(Capability.NEXT_SEQUENCE)
    final void optional_W656_tellsNoSequenceWhenClosed() {
        Wal wal = log().open();
        wal.append(record(1));
        wal.close();
        assertThrows(WalClosedException.class, wal::nextSequence);
    }

    /** If this fails, look at stamps that go back: what counts is the latest so far. */
    @Test
    @Needs(Capability.POSITIONS_BY_TIME)
    final void optional_W661_findsTheFirstRecordStampedAtOrAfterATime() {
        try (Wal wal = log().open()) {
            assertEquals(wal.end(), wal.positionAt(FIRST));
            for (int i = 0; i < 60; i++) {
                int seconds = i - (i % 7 == 6 ? 5 : 0);
                wal.append(WalRecord.put(bytes("key"), noise(5_000)).withTimestamp(FIRST.plusSeconds(seconds)));
            }
            assertTimes(wal);
        }
        try (Wal wal = log().open()) {
            assertTimes(wal);
        }
    }

    private static void assertTimes(Wal wal) {
        Instant latest = Instant.MIN;
        List<Entry> all = entries(wal);
        for (Entry entry : all) {
            Instant stamp = entry.record().timestamp().orElseThrow();
            if (stamp.isAfter(latest)) {
                assertEquals(entry.position(), wal.positionAt(stamp));
                latest = stamp;
            } else {
                assertTrue(wal.positionAt(stamp).compareTo(entry.position()) < 0);
            }
        }
        assertEquals(all.get(0).position(), wal.positionAt(Instant.MIN));
        assertEquals(wal.end(), wal.positionAt(latest.plusNanos(1)));
        assertEquals(wal.end(), wal.positionAt(Instant.MAX));
    }

    /** If this fails, look at the state that a lookup checks first. */
    @Test
    @Needs(Capability.POSITIONS_BY_TIME)
    final void optional_W662_looksNothingUpWhenClosed() {
        Wal wal = log().open();
        wal.append(record(1));
        wal.close();
        assertThrows(WalClosedException.class, () -> wal.positionAt(FIRST));
    }
}
