package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Readers. */
abstract class ReaderRules extends WalRules {
    ReaderRules() {}

    /** If this fails, look at the end of the log: false is for now, and a later append makes it true. */
    @Test
    final void required_W301_isAtTheEndUntilSomethingIsAppended() {
        try (Wal wal = log().open();
                WalReader reader = wal.read(Position.START)) {
            for (int i = 0; i < 10; i++) {
                assertFalse(reader.next());
                assertFalse(reader.next());
                Position at = wal.append(record(i));
                assertTrue(reader.next());
                assertEquals(at, reader.position());
            }
        }
    }

    /** If this fails, look at the views of a reader: each tells of the current record, and none can be written to. */
    @Test
    final void required_W302_showsTheCurrentRecordInViewsThatCannotBeWritten() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 10));
            try (WalReader reader = wal.read(Position.START)) {
                for (int i = 0; reader.next(); i++) {
                    assertEquals(ByteBuffer.wrap(bytes("key-" + i)), reader.key());
                    assertEquals(ByteBuffer.wrap(bytes("value-" + i)), reader.value());
                    assertEquals(WalRecord.Kind.PUT, reader.kind());
                    assertEquals(i + 1L, reader.sequence());
                    assertTrue(reader.key().isReadOnly() && reader.value().isReadOnly());
                    assertThrows(
                            ReadOnlyBufferException.class, () -> reader.key().put(0, (byte) 0));
                    assertEquals(reader.timestamp(), reader.record().timestamp().orElseThrow());
                }
            }
        }
    }

    /** If this fails, look at {@code record()}: it is a copy, which the next move does not change. */
    @Test
    final void required_W303_givesCopiesToKeep() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 50));
            List<WalRecord> kept = new ArrayList<>();
            try (WalReader reader = wal.read(Position.START)) {
                while (reader.next()) {
                    kept.add(reader.record());
                }
            }
            for (int i = 0; i < kept.size(); i++) {
                assertArrayEquals(bytes("value-" + i), kept.get(i).valueBytes());
            }
        }
    }

    /** If this fails, look at how readers go from one segment to the next, and at the last record of each. */
    @Test
    final void required_W304_crossesSegments() {
        smallSegments();
        try (Wal wal = log().open()) {
            List<Position> positions = fill(wal, 4);
            assertEquals(positions, entries(wal).stream().map(Entry::position).toList());
        }
    }

    /** If this fails, look at the way to a position in the middle of a segment, and at indexes. */
    @Test
    final void required_W305_startsAtEveryRecord() {
        smallSegments();
        try (Wal wal = log().open()) {
            List<Position> positions = append(wal, records(0, 900));
            for (int i = 0; i < positions.size(); i += 97) {
                try (WalReader reader = wal.read(positions.get(i))) {
                    assertTrue(reader.next());
                    assertEquals(i + 1L, reader.sequence(), "the sequence at " + positions.get(i));
                    assertEquals(ByteBuffer.wrap(bytes("key-" + i)), reader.key());
                }
            }
        }
    }

    /** If this fails, look at {@code nextPosition()}: another reader that starts there sees what this one would. */
    @Test
    final void required_W306_canBeContinuedBehindEachRecord() {
        smallSegments();
        try (Wal wal = log().open()) {
            append(wal, records(0, 30));
            for (int i = 30; i < 60; i++) {
                wal.append(record(i, 4_000));
            }
            long expected = 1;
            Position next = Position.START;
            while (true) {
                try (WalReader reader = wal.read(next)) {
                    if (!reader.next()) {
                        break;
                    }
                    assertEquals(expected++, reader.sequence(), "behind " + next);
                    next = reader.nextPosition();
                }
            }
            assertEquals(61, expected);
        }
    }

    /** If this fails, look at reading from the end: nothing is there until something is appended. */
    @Test
    final void required_W307_startsAtTheEnd() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 5));
            try (WalReader reader = wal.read(wal.end())) {
                assertFalse(reader.next());
                wal.append(record(5));
                assertTrue(reader.next());
                assertEquals(6, reader.sequence());
            }
        }
    }

    /** If this fails, look at what borders two segments: its end and the other's start are the same place. */
    @Test
    final void required_W308_takesTheEndOfASegmentForTheStartOfTheNext() {
        smallSegments();
        try (Wal wal = log().open()) {
            fill(wal, 3);
            List<SegmentInfo> segments = wal.segments();
            for (int i = 0; i + 1 < segments.size(); i++) {
                long expected = segments.get(i + 1).firstSequence();
                for (Position same :
                        List.of(segments.get(i).end(), segments.get(i + 1).start())) {
                    try (WalReader reader = wal.read(same)) {
                        assertTrue(reader.next(), () -> "nothing behind " + same);
                        assertEquals(expected, reader.sequence(), () -> "the record at " + same);
                    }
                }
            }
        }
    }

    /** If this fails, look at positions beyond the end: the exception tells what there is. */
    @Test
    final void required_W309_refusesAPositionBeyondTheEnd() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 5));
            for (Position beyond : List.of(
                    new Position(wal.end().segment(), wal.end().offset() + 8),
                    new Position(wal.end().segment(), wal.end().offset() + (1 << 20)),
                    new Position(wal.end().segment() + 7, 0))) {
                PositionUnavailableException refused = assertThrows(
                        PositionUnavailableException.class,
                        () -> wal.read(beyond).close(),
                        () -> "reading " + beyond);
                assertEquals(Reason.POSITION_UNAVAILABLE, refused.reason());
                assertEquals(wal.start(), refused.start());
                assertEquals(wal.end(), refused.end());
                assertEquals(beyond, refused.position().orElseThrow());
            }
        }
    }

    /** If this fails, look at positions between records: a reader that starts there would read garbage. */
    @Test
    final void required_W310_refusesAPositionThatIsNotAtARecord() {
        try (Wal wal = log().open()) {
            List<Position> positions = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                positions.add(wal.append(record(i, 200)));
            }
            long between = (positions.get(2).offset() + positions.get(3).offset()) / 2;
            for (long offset : new long[] {positions.get(2).offset() + 1, between}) {
                Position inside = new Position(positions.get(2).segment(), offset);
                if (!positions.contains(inside)) {
                    assertThrows(
                            PositionUnavailableException.class,
                            () -> wal.read(inside).close(),
                            () -> "reading " + inside);
                }
            }
        }
    }

    /** If this fails, look for what readers share: position, buffer, file. */
    @Test
    final void required_W311_readsWithManyReadersInTurn() {
        smallSegments();
        try (Wal wal = log().open()) {
            for (int i = 0; i < 40; i++) {
                wal.append(record(i, 3_000));
            }
            List<WalReader> readers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                readers.add(wal.read(Position.START));
                for (int n = 0; n < i; n++) {
                    assertTrue(readers.get(i).next());
                }
            }
            for (int n = 1; n <= 30; n++) {
                for (int i = 0; i < readers.size(); i++) {
                    assertTrue(readers.get(i).next());
                    assertEquals(i + n, readers.get(i).sequence());
                }
            }
            readers.forEach(WalReader::close);
        }
    }

    /** If this fails, look at closed readers: closing again does nothing, moving tells that it is closed. */
    @Test
    final void required_W312_tellsThatAReaderIsClosed() {
        try (Wal wal = log().open()) {
            wal.append(record(0));
            WalReader reader = wal.read(Position.START);
            reader.close();
            reader.close();
            assertEquals(
                    Reason.CLOSED,
                    assertThrows(WalClosedException.class, reader::next).reason());
            wal.append(record(1));
        }
    }

    /** If this fails, look at what closing a log does to its readers: they are closed too. */
    @Test
    final void required_W313_closesReadersWithTheirLog() {
        Wal wal = log().open();
        append(wal, records(0, 5));
        WalReader fresh = wal.read(Position.START);
        WalReader reading = wal.read(Position.START);
        assertTrue(reading.next());
        wal.close();
        assertThrows(WalClosedException.class, fresh::next);
        assertThrows(WalClosedException.class, reading::next);
        fresh.close();
        reading.close();
    }

    /** If this fails, look at {@code iterator()}: entries up to the end, then none, and an exception beyond that. */
    @Test
    final void required_W314_iteratesOverEntries() {
        try (Wal wal = log().open()) {
            List<Position> positions = append(wal, records(0, 10));
            try (WalReader reader = wal.read(Position.START)) {
                Iterator<Entry> entries = reader.iterator();
                for (int i = 0; i < 10; i++) {
                    assertTrue(entries.hasNext());
                    assertTrue(entries.hasNext(), "asking moved the iterator");
                    Entry entry = entries.next();
                    assertEquals(positions.get(i), entry.position());
                    assertEquals(i + 1L, entry.sequence());
                }
                assertFalse(entries.hasNext());
                assertThrows(NoSuchElementException.class, entries::next);
            }
        }
    }

    /** If this fails, look at {@code stream()}: it is in order, and closing it closes its reader. */
    @Test
    final void required_W315_streamsEntries() {
        try (Wal wal = log().open()) {
            List<Position> positions = append(wal, records(0, 10));
            WalReader reader = wal.read(Position.START);
            try (Stream<Entry> stream = reader.stream()) {
                assertFalse(stream.isParallel());
                assertEquals(positions, stream.map(Entry::position).toList());
            }
            assertThrows(WalClosedException.class, reader::next);
        }
    }

    /** If this fails, look at whose clock says what has expired, and at when it is computed: from what is stored, at each record. */
    @Test
    @Needs(Capability.EXPIRED_SKIPPED)
    final void optional_W316_skipsWhatHasExpiredByTheReadersClock() {
        Instant stamp = Instant.parse("2026-01-01T00:00:00Z");
        try (Wal wal = log().open()) {
            for (int i = 0; i < 30; i++) {
                WalRecord record = record(i).withTimestamp(stamp);
                wal.append(i % 3 == 0 ? record : record.withTtl(Duration.ofMinutes(i)));
            }
        }
        try (Wal wal = log().open()) {
            for (int minutes : new int[] {-10, 0, 1, 2, 15, 29, 1_000_000}) {
                Instant now = stamp.plus(Duration.ofMinutes(minutes));
                List<Long> expected = LongStream.rangeClosed(1, 30)
                        .filter(sequence -> (sequence - 1) % 3 == 0 || sequence - 1 > minutes)
                        .boxed()
                        .toList();
                try (WalReader reader =
                        wal.read(Position.START, ReadOptions.DEFAULT.skipExpired(InstantSource.fixed(now)))) {
                    assertEquals(
                            expected,
                            reader.stream().map(Entry::sequence).toList(),
                            "what is there " + minutes + " minutes later");
                }
            }
            assertEquals(30, entries(wal).size(), "without a clock nothing is skipped");
        }
    }
}
