package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvenienceTest {
    @TempDir
    Path directory;

    @Test
    void textsAreStoredInUtf8AndBatchesTakeRecords() {
        List<Position> positions;
        try (Wal wal = Wal.open(directory)) {
            positions = wal.appendBatch(WalRecord.put("schl\u00fcssel", "w\u00e4rt"), WalRecord.delete("weg"));
            assertEquals(List.of(), wal.appendBatch());
        }
        try (Wal wal = Wal.openReadOnly(directory)) {
            List<Entry> entries = Logs.entries(wal);
            assertEquals(positions, entries.stream().map(Entry::position).toList());
            assertEquals("schl\u00fcssel", entries.get(0).record().keyText());
            assertEquals("w\u00e4rt", entries.get(0).record().valueText());
            assertEquals(WalRecord.Kind.DELETE, entries.get(1).record().kind());
            assertEquals("weg", entries.get(1).record().keyText());
        }
    }
}
