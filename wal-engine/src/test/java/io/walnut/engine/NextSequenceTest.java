package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.walnut.api.Capability;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalGroup;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log knows which sequence comes next, whatever is left of it. */
class NextSequenceTest {
    @TempDir
    Path directory;

    private final WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));

    private WalConfig config() {
        return WalConfig.builder(directory).segmentBytes(64 << 10).fsync("os").build();
    }

    private static List<Position> fill(Wal wal, int records) {
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            positions.add(wal.append(new byte[8], new byte[1000]));
        }
        return positions;
    }

    @Test
    void itIsKnownWhenEverythingWasDeletedAndInEveryLaterLife() {
        try (Wal wal = Wal.open(config())) {
            assertEquals(1, wal.nextSequence());
            fill(wal, 200);
            assertEquals(201, wal.nextSequence());
            wal.deleteSegmentsBefore(wal.end());
            assertEquals(201, wal.nextSequence());
        }
        for (int life = 0; life < 3; life++) {
            try (Wal wal = Wal.open(config());
                    Wal offline = Wal.openReadOnly(config())) {
                assertEquals(201 + life, wal.nextSequence());
                assertEquals(201 + life, offline.nextSequence());
                wal.append(put("k", "v"));
                assertEquals(202 + life, wal.nextSequence());
                assertEquals(201 + life, offline.nextSequence(), "a log as it was");
                wal.deleteSegmentsBefore(wal.end());
            }
        }
    }

    @Test
    void eachRecordOfABatchCountsAndAStreamedValueAsOne() {
        try (Wal wal = Wal.open(config())) {
            wal.appendBatch(List.of(put("a", "1"), put("b", "2"), put("c", "3")));
            assertEquals(4, wal.nextSequence());
            wal.append(new byte[1], new java.io.ByteArrayInputStream(new byte[3 << 20]), 3 << 20);
            assertEquals(5, wal.nextSequence());
        }
    }

    @Test
    void aTruncationTakesItBack() {
        try (Wal wal = Wal.open(config())) {
            List<Position> positions = fill(wal, 200);
            wal.truncateAfter(positions.get(49));
            assertEquals(51, wal.nextSequence());
            wal.truncateAfter(positions.get(0));
            assertEquals(2, wal.nextSequence());
        }
        try (Wal offline = Wal.openReadOnly(config());
                Wal wal = Wal.open(config())) {
            assertEquals(2, offline.nextSequence());
            assertEquals(2, wal.nextSequence());
        }
    }

    @Test
    void aFailedLogTellsWhatWouldFollowTheLastRecordThatReadersSee() {
        for (int durable : new int[] {0, 1, 40, 150}) {
            try (MemoryStorage disk = new MemoryStorage("memory")) {
                assertAfterFailure(new WatchedStorage(disk), durable);
            }
        }
    }

    private static void assertAfterFailure(WatchedStorage storage, int durable) {
        Wal wal = engine(storage).open();
        fill(wal, durable);
        wal.sync();
        fill(wal, 5);
        assertEquals(durable + 6, wal.nextSequence());
        fail(storage, wal);
        assertEquals(durable + 1, wal.nextSequence());
        assertEquals(durable, Logs.entries(wal).size());
        assertThrows(WalFailedException.class, wal::close);
        assertThrows(WalClosedException.class, wal::nextSequence);
        storage.hook = (operation, file) -> {};
    }

    @Test
    void alsoWhenAllThatWasDurableHadBeenDeleted() {
        Wal wal = engine(storage).open();
        fill(wal, 150);
        wal.deleteSegmentsBefore(wal.end());
        fill(wal, 5);
        fail(storage, wal);
        assertEquals(151, wal.nextSequence());
        assertThrows(WalFailedException.class, wal::close);
    }

    private static EngineBuilder engine(WatchedStorage storage) {
        return Engine.builder(Path.of("unused"))
                .set("wal.segment.bytes", "64KiB")
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .storage(storage);
    }

    private static void fail(WatchedStorage storage, Wal wal) {
        storage.hook = (operation, file) -> {
            if (operation.equals("force") && file.endsWith(".wal")) {
                throw new IOException("Input/output error");
            }
        };
        assertThrows(WalFailedException.class, wal::sync);
    }

    @Test
    void theLogsOfAGroupKnowIt() {
        try (WalGroup group = WalGroup.open(WalConfig.builder(directory).build())) {
            Wal wal = group.wal("orders");
            wal.append(put("k", "v"));
            assertEquals(2, wal.nextSequence());
            assertEquals(1, group.wal("payments").nextSequence());
            assertEquals(true, wal.capabilities().contains(Capability.NEXT_SEQUENCE));
        }
    }
}
