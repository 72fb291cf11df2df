package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Damage;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage inside of a sealed segment, which opening does not look for. */
class SkipDamageTest {
    private static final int RECORDS = 300;

    @TempDir
    Path directory;

    private final List<Position> positions = new ArrayList<>();

    private WalConfig config() {
        return WalConfig.builder(directory.resolve("log"))
                .fsync("os")
                .segmentBytes(64 << 10)
                .build();
    }

    @BeforeEach
    void write() {
        try (Wal wal = Wal.open(config())) {
            for (int i = 0; i < RECORDS; i++) {
                positions.add(wal.append(bytes("key " + i), new byte[1000]));
            }
        }
    }

    /** Changes a byte of a record: in its head, or in its body. */
    private void damage(int record, int at) throws IOException {
        Position position = positions.get(record);
        Path file = directory.resolve("log").resolve(String.format("%010d.wal", position.segment()));
        byte[] content = Files.readAllBytes(file);
        content[(int) position.offset() + at] ^= 1;
        Files.write(file, content);
    }

    @Test
    void aReaderFailsAtDamageUnlessItIsToSkipIt() throws IOException {
        damage(70, 100);
        damage(90, 0);
        try (Wal wal = Wal.open(config())) {
            assertTrue(wal.capabilities().contains(Capability.DAMAGE_SKIPPED));
            try (WalReader reader = wal.read(Position.START)) {
                for (int i = 0; i < 70; i++) {
                    assertTrue(reader.next());
                }
                assertThrows(WalCorruptException.class, reader::next);
            }
            List<Damage> damage = new ArrayList<>();
            List<Long> sequences = new ArrayList<>();
            try (WalReader reader = wal.read(Position.START, ReadOptions.DEFAULT.skipDamage(damage::add))) {
                while (reader.next(Duration.ZERO)) {
                    sequences.add(reader.sequence());
                }
            }
            assertEquals(RECORDS - 2, sequences.size());
            assertFalse(sequences.contains(71L) || sequences.contains(91L), sequences::toString);
            assertEquals(
                    List.of(71L, 91L),
                    damage.stream().map(Damage::firstSequence).toList());
            assertEquals(List.of(1L, 1L), damage.stream().map(Damage::missing).toList());
            assertEquals(positions.get(70).offset(), damage.get(0).offset());
        }
    }

    @Test
    void aReaderThatSkipsGoesOnWithWhatIsAppended() throws IOException {
        damage(RECORDS - 1, 0);
        try (Wal wal = Wal.open(config())) {
            List<Damage> damage = new ArrayList<>();
            try (WalReader reader = wal.read(positions.get(RECORDS - 2), ReadOptions.DEFAULT.skipDamage(damage::add))) {
                assertTrue(reader.next());
                assertFalse(reader.next());
                wal.append(bytes("more"), bytes("value"));
                assertTrue(reader.next());
                assertEquals(RECORDS + 1, reader.sequence());
                assertEquals(1, damage.size(), damage::toString);
            }
        }
    }

    @Test
    void openingWithFullVerificationRefusesIt() throws IOException {
        damage(70, 100);
        Wal.open(config()).close();
        WalConfig full = config().toBuilder().set("wal.recovery.verify", "full").build();
        WalCorruptException refused = assertThrows(WalCorruptException.class, () -> Wal.open(full));
        assertEquals(positions.get(70), refused.position().orElseThrow());
        assertTrue(refused.getMessage().contains("sequence 71"), refused.getMessage());
        assertTrue(refused.getMessage().contains("'salvage'"), refused.getMessage());
        damage(70, 100); // which mends it
        Wal.open(full).close();
    }

    @Test
    void archivingNoticesIt() throws IOException {
        damage(70, 100);
        ManualTime time = new ManualTime();
        RecordingMeter meter = new RecordingMeter();
        try (Wal wal = Engine.builder(directory.resolve("log"))
                .set("wal.segment.bytes", "64KiB")
                .archiver((segment, content) -> {})
                .meter(meter)
                .clock(time)
                .workers(time)
                .open()) {
            wal.append(bytes("more"), bytes("value"));
            time.pass(Duration.ofMinutes(1));
            List<WalEvent.Corrupted> noticed = meter.events(WalEvent.Corrupted.class);
            assertEquals(
                    List.of(positions.get(70)),
                    noticed.stream().map(WalEvent.Corrupted::position).toList());
        }
    }
}
