package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Removing what is newest. */
@Needs(Capability.SUFFIX_TRUNCATION)
abstract class TruncationRules extends WalRules {
    TruncationRules() {}

    @BeforeEach
    final void segments() {
        smallSegments();
    }

    /** If this fails, look at the borders: a record in an earlier segment, the first one, the last one of the log. */
    @Test
    final void optional_W621_removesEverythingBehindTheRecord() {
        try (Wal wal = log().open()) {
            List<Position> positions = new ArrayList<>(fill(wal, 4));
            List<Entry> all = entries(wal);
            for (int kept : new int[] {all.size(), all.size() - 1, all.size() / 2, 2, 1}) {
                Position end = wal.truncateAfter(positions.get(kept - 1));
                assertEquals(end, wal.end());
                assertEquals(end, wal.durableEnd());
                assertEquals(all.subList(0, kept), entries(wal));
            }
        }
    }

    /** If this fails, look at what the next record continues: the sequence of the one that was kept, not its position. */
    @Test
    final void optional_W622_goesOnBehindTheRecordAtNewPositions() {
        try (Wal wal = log().open()) {
            List<Position> positions = fill(wal, 3);
            long last = entries(wal).get(4).sequence();
            wal.truncateAfter(positions.get(4));
            Position next = wal.append(record(1));
            assertTrue(next.compareTo(positions.get(positions.size() - 1)) > 0);
            assertEquals(last + 1, entries(wal).get(5).sequence());
        }
        try (Wal wal = log().open()) {
            wal.append(record(2));
            wal.truncateAfter(entries(wal).get(5).position());
            wal.append(record(3));
        }
    }

    /** If this fails, look at what is checked before anything is removed. */
    @Test
    final void optional_W623_refusesWhereNoRecordStarts() {
        try (Wal wal = log().open()) {
            List<Position> positions = append(wal, records(0, 5));
            Position third = positions.get(2);
            Position inside = new Position(third.segment(), third.offset() + 1);
            for (Position wrong : List.of(Position.START, inside, new Position(third.segment() + 1_000, 0))) {
                if (!positions.contains(wrong)) {
                    assertThrows(PositionUnavailableException.class, () -> wal.truncateAfter(wrong));
                }
            }
            assertEquals(wal.end(), wal.truncateAfter(wal.end()));
            assertEquals(5, entries(wal).size());
        }
    }

    /** If this fails, look at readers that stand behind the new end: nothing that is gone, and nothing else, may come. */
    @Test
    final void optional_W624_tellsReadersBehindTheNewEnd() {
        try (Wal wal = log().open()) {
            List<Position> positions = fill(wal, 3);
            int last = positions.size() - 1;
            try (WalReader kept = wal.read(positions.get(0));
                    WalReader behind = wal.read(positions.get(last))) {
                assertTrue(kept.next());
                assertTrue(behind.next());
                wal.truncateAfter(positions.get(0));
                assertFalse(kept.next());
                wal.append(record(1));
                assertThrows(PositionUnavailableException.class, behind::next);
                assertTrue(kept.next());
            }
            assertThrows(PositionUnavailableException.class, () -> wal.read(positions.get(last)));
        }
    }

    /** If this fails, look at batches of which a part is kept: its records count, as if they had been all. */
    @Test
    final void optional_W625_cutsABatchInTwo() {
        try (Wal wal = log().open()) {
            List<Position> positions = wal.appendBatch(records(0, 10));
            wal.truncateAfter(positions.get(3));
            assertEquals(4, entries(wal).size());
        }
        try (Wal wal = log().open()) {
            wal.appendBatch(records(20, 3));
            assertEquals(7, entries(wal).size());
        }
    }
}
