package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.MemoryStorage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records are found by sequence and by time. */
class PositionLookupTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void everyRecordIsFoundByItsSequence() {
        List<Position> positions;
        try (Wal wal = Wal.open(config())) {
            positions = fill(wal, 3_000);
            assertFound(positions, wal);
            assertTrue(wal.segments().size() > 5);
        }
        try (Wal wal = Wal.open(config())) {
            assertFound(positions, wal);
            Position next = wal.append(WalRecord.delete(new byte[1]));
            assertEquals(next, wal.positionOf(3_001));
            try (WalReader reader = wal.read(wal.positionOf(2_999))) {
                assertTrue(reader.next());
                assertEquals(2_999, reader.sequence());
            }
        }
        try (Wal wal = new EngineProvider().openReadOnly(config())) {
            assertFound(positions, wal);
        }
    }

    @Test
    void aSequenceThatIsNotThereIsToldWithWhatIs() {
        try (Wal wal = Wal.open(config())) {
            assertThrows(PositionUnavailableException.class, () -> wal.positionOf(1));
            List<Position> positions = fill(wal, 1_000);
            for (long sequence : new long[] {Long.MIN_VALUE, -1, 0, 1_001, Long.MAX_VALUE}) {
                PositionUnavailableException told =
                        assertThrows(PositionUnavailableException.class, () -> wal.positionOf(sequence));
                assertEquals(wal.start(), told.start());
                assertEquals(wal.end(), told.end());
            }
            wal.deleteSegmentsBefore(positions.get(500));
            long first;
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next());
                first = reader.sequence();
            }
            assertEquals(wal.start(), wal.positionOf(first));
            assertThrows(PositionUnavailableException.class, () -> wal.positionOf(first - 1));
        }
    }

    @Test
    void theFirstRecordStampedAtOrAfterATimeIsFoundByTheLatestStampSoFar() {
        List<Entry> entries;
        try (Wal wal = Wal.open(config())) {
            Random random = new Random(7);
            long seconds = 0;
            for (int i = 0; i < 2_000; i++) {
                seconds += random.nextInt(20) - 8; // stamps go back now and then
                wal.append(WalRecord.put(new byte[1], new byte[500]).withTimestamp(T0.plusSeconds(seconds)));
            }
            entries = Logs.entries(wal);
            assertTimes(entries, wal);
        }
        try (Wal wal = Wal.open(config())) {
            assertTimes(entries, wal);
            wal.deleteSegmentsBefore(entries.get(1_000).position());
            assertTimes(Logs.entries(wal), wal);
        }
    }

    @Test
    void aTimeWhoseSegmentIsGoneIsLookedUpInWhatIsLeft() {
        try (Wal wal = Wal.open(config())) {
            fill(wal, 1_000);
            try (Wal before = new EngineProvider().openReadOnly(config())) {
                wal.deleteSegmentsBefore(wal.segments().get(1).start());
                assertEquals(wal.start(), before.positionAt(Instant.EPOCH));
            }
        }
    }

    @Test
    void anEmptyLogHasNoTimesAndAClosedOneAnswersNothing() {
        Wal wal = Wal.open(config());
        assertEquals(wal.end(), wal.positionAt(T0));
        assertEquals(wal.end(), wal.positionAt(Instant.MIN));
        wal.close();
        assertThrows(WalClosedException.class, () -> wal.positionAt(T0));
        assertThrows(WalClosedException.class, () -> wal.positionOf(1));
    }

    @Test
    void aLookupReadsABoundedStretchOfOneSegment() {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("lookup"));
        long[] read = {0};
        try (Wal wal = Engine.builder(directory)
                .storage(storage)
                .set("wal.segment.bytes", "1MiB")
                .open()) {
            fill(wal, 20_000);
            storage.hook = (operation, file) -> {
                if (operation.equals("read")) {
                    read[0]++;
                }
            };
            wal.positionOf(12_345);
            assertTrue(read[0] <= 4, "reads: " + read[0]);
        }
    }

    private WalConfig config() {
        return WalConfig.builder(directory)
                .fsync("os")
                .set("wal.segment.bytes", "256KiB")
                .build();
    }

    private static List<Position> fill(Wal wal, int records) {
        List<Position> positions = new ArrayList<>();
        Random random = new Random(3);
        while (positions.size() < records) {
            if (random.nextInt(10) == 0 && positions.size() + 3 <= records) {
                WalRecord record = WalRecord.put(new byte[1], new byte[random.nextInt(2_000)]);
                positions.addAll(wal.appendBatch(List.of(record, record, record)));
            } else {
                positions.add(wal.append(new byte[1], new byte[random.nextInt(2_000)]));
            }
        }
        return positions;
    }

    private static void assertFound(List<Position> positions, Wal wal) {
        for (int i = 0; i < positions.size(); i++) {
            assertEquals(positions.get(i), wal.positionOf(i + 1L));
        }
    }

    private static void assertTimes(List<Entry> entries, Wal wal) {
        Instant latest = Instant.MIN;
        for (Entry entry : entries) {
            Instant stamp = entry.record().timestamp().orElseThrow();
            if (stamp.isAfter(latest)) {
                assertEquals(entry.position(), wal.positionAt(stamp));
                assertEquals(
                        entry.position(),
                        wal.positionAt(stamp.minusNanos(1).isAfter(latest) ? stamp.minusNanos(1) : stamp));
                latest = stamp;
            }
        }
        assertEquals(entries.get(0).position(), wal.positionAt(Instant.MIN));
        assertEquals(wal.end(), wal.positionAt(latest.plusNanos(1)));
        assertEquals(wal.end(), wal.positionAt(Instant.MAX));
    }
}
