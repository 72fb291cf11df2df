package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order, positions, sequences and durability. */
abstract class OrderingRules extends WalRules {
    OrderingRules() {}

    /** If this fails, look at the order in which records are stored and read: it is that of their appends. */
    @Test
    final void required_W101_readsBackWhatWasAppendedInItsOrder() {
        List<WalRecord> records = records(0, 300);
        try (Wal wal = log().open()) {
            append(wal, records);
            assertHolds(wal, records);
        }
    }

    /** If this fails, look at what an append returns: the place where its record begins, not where it ends. */
    @Test
    final void required_W102_returnsThePositionAtWhichTheRecordIsRead() {
        try (Wal wal = log().open()) {
            List<WalRecord> records = records(0, 30);
            List<Position> positions = append(wal, records);
            for (int i = 0; i < positions.size(); i++) {
                try (WalReader reader = wal.read(positions.get(i))) {
                    assertTrue(reader.next(), "nothing is at the position " + positions.get(i));
                    assertEquals(positions.get(i), reader.position());
                    assertEquals(reader.nextPosition(), reader.entry().nextPosition());
                    ReferenceLog.assertSame(records.get(i), reader.entry());
                }
                try (WalReader after = wal.readAfter(positions.get(i))) {
                    assertEquals(i + 1 < positions.size(), after.next());
                    if (i + 1 < positions.size()) {
                        assertEquals(positions.get(i + 1), after.position());
                    }
                }
            }
        }
    }

    /** If this fails, look at how positions are made: they are ordered as the records are, over segments too. */
    @Test
    final void required_W103_givesStrictlyIncreasingPositions() {
        smallSegments();
        try (Wal wal = log().open()) {
            Position last = Position.START;
            for (int i = 0; i < 100; i++) {
                Position next = wal.append(record(i, 3_000));
                assertTrue(last.compareTo(next) < 0, "after " + last + " came " + next);
                last = next;
            }
        }
    }

    /** If this fails, look at how records are counted: from 1, without gaps, going on when the log is opened again. */
    @Test
    final void required_W104_countsSequencesFromOneWithoutGapsOverReopening() {
        long expected = 1;
        for (int life = 0; life < 4; life++) {
            try (Wal wal = log().open()) {
                append(wal, records(0, 5));
                wal.appendBatch(records(5, 3));
            }
        }
        try (Wal wal = log().open()) {
            for (Entry entry : entries(wal)) {
                assertEquals(expected++, entry.sequence());
            }
        }
        assertEquals(33, expected);
    }

    /** If this fails, look at {@code start()} and {@code end()} of a log in which nothing is. */
    @Test
    final void required_W105_startsWhereItEndsWhileItIsEmpty() {
        try (Wal wal = log().open()) {
            assertEquals(wal.end(), wal.start());
            assertTrue(entries(wal).isEmpty());
            assertEquals(wal.end(), wal.sync(), "what is durable of an empty log");
        }
    }

    /** If this fails, look at {@code start()} and {@code end()}: at the first record, and just past the last. */
    @Test
    final void required_W106_startsAtTheFirstRecordAndEndsPastTheLast() {
        try (Wal wal = log().open()) {
            Position first = wal.append(record(0));
            assertEquals(first, wal.start());
            for (int i = 1; i < 20; i++) {
                Position at = wal.append(record(i));
                assertTrue(at.compareTo(wal.end()) < 0, "the end " + wal.end() + " is not past the record at " + at);
                assertEquals(first, wal.start());
            }
            try (WalReader reader = wal.read(Position.START)) {
                Position next = wal.start();
                while (reader.next()) {
                    assertTrue(next.compareTo(reader.position()) <= 0);
                    next = reader.nextPosition();
                }
                assertEquals(wal.end(), next, "where a reader continues behind the last record");
            }
        }
    }

    /** If this fails, look at what recovery does to positions: one that was handed out names the same record for ever. */
    @Test
    final void required_W107_keepsPositionsOverReopening() {
        smallSegments();
        List<Entry> before;
        try (Wal wal = log().open()) {
            fill(wal, 1);
            for (int i = 0; i < 30; i++) {
                wal.append(record(i, 4_000));
            }
            before = entries(wal);
        }
        for (int life = 0; life < 3; life++) {
            try (Wal wal = log().open()) {
                assertEquals(before, entries(wal).subList(0, before.size()));
                for (Entry entry : before) {
                    try (WalReader reader = wal.read(entry.position())) {
                        assertTrue(reader.next());
                        assertEquals(entry.record(), reader.record());
                    }
                }
                wal.append(record(life));
            }
        }
    }

    /** If this fails, look at the short form of append: it is a put of the key and the value. */
    @Test
    final void required_W108_appendsAKeyAndAValueAsAPut() {
        try (Wal wal = log().open()) {
            wal.append(bytes("key"), bytes("value"));
            assertHolds(wal, List.of(WalRecord.put(bytes("key"), bytes("value"))));
        }
    }

    /** If this fails, look for arrays that are kept after an append has returned: they are the caller's again. */
    @Test
    final void required_W109_letsTheCallerReuseTheArraysOfAnAppendThatReturned() {
        byte[] key = bytes("key");
        byte[] value = bytes("value");
        try (Wal wal = log().open()) {
            wal.append(WalRecord.put(key, value));
            wal.append(key, value);
            wal.appendBatch(List.of(WalRecord.put(key, value), WalRecord.delete(key)));
            Arrays.fill(key, (byte) 'x');
            Arrays.fill(value, (byte) 'x');
            for (Entry entry : entries(wal)) {
                assertArrayEquals(bytes("key"), entry.record().keyBytes());
            }
        }
    }

    /** If this fails, look at what an append does with buffers: any kind of them, without moving their positions. */
    @Test
    final void required_W110_takesEveryKindOfBufferAndMovesNone() {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (ByteBuffer room : List.of(ByteBuffer.allocate(64), ByteBuffer.allocateDirect(64))) {
            room.put(7, (byte) 'w').put(8, (byte) 'a').put(9, (byte) 'l');
            buffers.add(room.position(7).limit(10));
            buffers.add(room.asReadOnlyBuffer());
            buffers.add(room.slice());
        }
        try (Wal wal = log().open()) {
            for (ByteBuffer buffer : buffers) {
                int at = buffer.position();
                wal.append(WalRecord.put(buffer, buffer));
                wal.append(WalRecord.delete(buffer));
                assertEquals(at, buffer.position(), "the position of the caller's buffer");
                assertEquals(3, buffer.remaining());
            }
            for (Entry entry : entries(wal)) {
                assertArrayEquals(bytes("wal"), entry.record().keyBytes());
            }
        }
    }

    /** If this fails, look at {@code sync()}: it returns just past the last record that is durable, of all appended ones. */
    @Test
    final void required_W111_syncsEverythingThatWasAppended() {
        try (Wal wal = log().open()) {
            for (int i = 0; i < 20; i++) {
                Position at = wal.append(record(i));
                assertTrue(wal.durableEnd().compareTo(wal.end()) <= 0, "more is durable than there is");
                Position durable = wal.sync();
                assertTrue(at.compareTo(durable) < 0, "after sync() the end of what is durable is " + durable);
                assertTrue(durable.compareTo(wal.durableEnd()) <= 0);
                assertEquals(wal.end(), wal.durableEnd());
            }
        }
    }

    /** If this fails, look at {@code durableEnd()} of a log that was closed and opened: everything in it is durable. */
    @Test
    final void required_W112_hasEverythingDurableWhenItIsOpened() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 10));
        }
        try (Wal wal = log().open()) {
            assertEquals(10, entries(wal).size());
            assertEquals(wal.end(), wal.durableEnd());
        }
    }

    /** If this fails, look at how one append is made stronger than the policy: it waits for the device. */
    @Test
    @Needs(Capability.DURABILITY_PER_APPEND)
    final void optional_W121_waitsForTheDeviceWhereOneAppendAsksForIt() {
        try (Wal wal = log().open()) {
            for (int i = 0; i < 10; i++) {
                wal.append(record(i));
                Position single = wal.append(record(i), Durability.DEVICE);
                assertTrue(single.compareTo(wal.durableEnd()) < 0, "the record at " + single + " is not durable");
                List<Position> batch = wal.appendBatch(records(i, 3), Durability.DEVICE);
                assertTrue(batch.get(2).compareTo(wal.durableEnd()) < 0, "the batch at " + batch + " is not durable");
            }
        }
    }

    /** If this fails, look at how one append is made weaker than the policy: it is there as any other. */
    @Test
    @Needs(Capability.DURABILITY_PER_APPEND)
    final void optional_W122_acknowledgesOneAppendInTheKernelWhereItAsksForThat() {
        try (Wal wal = log().open()) {
            Position single = wal.append(record(0), Durability.KERNEL);
            wal.appendBatch(records(1, 3), Durability.KERNEL);
            assertFalse(wal.end().compareTo(single) <= 0);
            assertHolds(wal, records(0, 4));
        }
    }
}
