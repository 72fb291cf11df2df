package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.api.WalGroup;
import io.walnut.api.WalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories and positions that are not what a caller takes them for. */
class WrongPlacesTest {
    @TempDir
    Path directory;

    private WalConfig config() {
        return WalConfig.builder(directory).build();
    }

    @Test
    void readingWhatIsNotThereIsRefused() {
        WalException refused = assertThrows(WalException.class, () -> Wal.openReadOnly(config()));
        assertTrue(refused.getMessage().contains("there is no log in it"), refused.getMessage());
        WalConfig nowhere = WalConfig.builder(directory.resolve("nowhere")).build();
        assertThrows(WalException.class, () -> Wal.openReadOnly(nowhere));
        assertFalse(Files.exists(directory.resolve("nowhere")));
    }

    @Test
    void anEmptyRunningLogCanBeRead() {
        try (Wal wal = Wal.open(config());
                Wal beside = Wal.openReadOnly(config())) {
            assertEquals(wal.end(), beside.end());
            assertEquals(List.of(), Logs.entries(beside));
        }
    }

    @Test
    void theRootOfAGroupIsNoLog() {
        try (WalGroup group = WalGroup.open(directory)) {
            group.wal("orders").append(bytes("k"), bytes("v"));
        }
        WalConfigException refused = assertThrows(WalConfigException.class, () -> Wal.open(config()));
        assertTrue(refused.getMessage().contains("orders"), refused.getMessage());
        assertTrue(refused.getMessage().contains("WalGroup.open"), refused.getMessage());
        WalException reading = assertThrows(WalException.class, () -> Wal.openReadOnly(config()));
        assertTrue(reading.getMessage().contains("root of a group"), reading.getMessage());
        try (WalGroup group = WalGroup.open(directory)) {
            assertEquals(1, Logs.entries(group.wal("orders")).size());
        }
    }

    @Test
    void aCheckpointIsAtTheBorderOfARecord() {
        try (Wal wal = Wal.open(config())) {
            Position position = wal.append(bytes("k"), bytes("v"));
            wal.append(bytes("k"), bytes("v"));
            Position inside = new Position(position.segment(), position.offset() + 8);
            assertThrows(
                    PositionUnavailableException.class, () -> wal.checkpoints().save("a", inside));
            wal.checkpoints().save("a", position);
            wal.checkpoints().save("a", wal.end());
            wal.checkpoints().save("a", Position.START);
        }
    }

    /** To save where an entry starts delivers it once more. */
    @Test
    void aConsumerGoesOnBehindItsLastEntry() {
        try (Wal wal = Wal.open(config())) {
            for (int i = 0; i < 3; i++) {
                wal.append(bytes("k" + i), bytes("v"));
            }
            List<Entry> entries = Logs.entries(wal);
            wal.checkpoints().save("a", entries.get(1).nextPosition());
            try (WalReader reader = wal.read(wal.checkpoints().load("a").orElseThrow());
                    WalReader after = wal.readAfter(entries.get(1).position());
                    WalReader atEnd = wal.readAfter(wal.end())) {
                assertTrue(reader.next());
                assertEquals(3, reader.sequence());
                assertTrue(after.next());
                assertEquals(3, after.sequence());
                assertFalse(atEnd.next());
            }
        }
    }

    @Test
    void truncatingAfterTheEndRemovesNothing() {
        try (Wal wal = Wal.open(config())) {
            assertEquals(wal.end(), wal.truncateAfter(wal.end()));
            wal.append(bytes("k"), bytes("v"));
            assertEquals(wal.end(), wal.truncateAfter(wal.end()));
            assertEquals(1, Logs.entries(wal).size());
        }
    }
}
