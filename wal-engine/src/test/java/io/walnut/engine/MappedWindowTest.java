package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mapped writer sees a segment through a window that moves with the tail. */
class MappedWindowTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"16KiB", "100KiB", "32MiB"})
    void shouldStoreRecordsOfEverySizeThroughAWindowOfAnySize(String window) {
        WalConfig config = WalConfig.builder(directory)
                .fsync("os")
                .io("mapped")
                .set("wal.io.mapped.window", window)
                .set("wal.segment.bytes", "4MiB")
                .build();
        List<byte[]> values = new ArrayList<>();
        Random random = new Random(window.hashCode());
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 2_000; i++) {
                int size = random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(2_000);
                byte[] value = Logs.random(size, i);
                values.add(value);
                wal.append(new byte[] {1}, value);
                if (random.nextInt(10) == 0) {
                    wal.append(WalRecord.put(new byte[] {1}, value), Durability.DEVICE);
                    values.add(value);
                }
            }
            assertTrue(wal.segments().size() > 3);
            assertHolds(values, wal);
        }
        try (Wal wal = Wal.open(config)) {
            assertTrue(wal.recovery().clean());
            assertHolds(values, wal);
        }
    }

    private static void assertHolds(List<byte[]> values, Wal wal) {
        List<Entry> entries = Logs.entries(wal);
        assertEquals(values.size(), entries.size());
        for (int i = 0; i < values.size(); i++) {
            assertArrayEquals(values.get(i), entries.get(i).record().valueBytes());
        }
    }
}
