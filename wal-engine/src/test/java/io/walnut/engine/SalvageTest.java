package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Damage;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalLockedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.spi.Salvager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalvageTest {
    private static final int RECORDS = 2000;

    @TempDir
    Path temporary;

    private Path damaged;
    private final List<byte[]> values = new ArrayList<>();

    @BeforeEach
    void write() {
        damaged = temporary.resolve("damaged");
        try (Wal wal = Wal.open(config())) {
            for (int i = 0; i < RECORDS; i++) {
                values.add(Logs.random(i % 500, i));
                if (i % 3 == 0) {
                    wal.append(bytes("key"), values.get(i));
                } else if (i % 3 == 2) {
                    wal.appendBatch(List.of(
                            WalRecord.put(bytes("key"), values.get(i - 1)),
                            WalRecord.put(bytes("key"), values.get(i))));
                }
                if (i % 100 == 0) {
                    wal.sync();
                }
            }
            wal.append(bytes("key"), values.get(RECORDS - 1));
        }
        values.add(values.get(RECORDS - 1));
    }

    private WalConfig config() {
        return WalConfig.builder(damaged).fsync("os").segmentBytes(128 << 10).build();
    }

    private Salvager.Report salvage(List<Integer> found) {
        try (Wal target = Wal.open(temporary.resolve("target"))) {
            Salvager.Report report = new EngineProvider().salvage(config(), target);
            int from = 0;
            for (Entry entry : Logs.entries(target)) {
                int at = from;
                while (!Arrays.equals(values.get(at), entry.record().valueBytes())) {
                    at++;
                }
                found.add(at);
                from = at + 1;
            }
            assertEquals(report.records(), found.size());
            return report;
        }
    }

    private long written() {
        try (Wal wal = Wal.openReadOnly(config())) {
            return wal.recovery().records();
        }
    }

    @Test
    void ofAnIntactLogEverythingIsCopied() {
        List<Integer> found = new ArrayList<>();
        long written = written();
        Salvager.Report report = salvage(found);
        assertEquals(List.of(), report.damage());
        assertEquals(written, report.records());
    }

    @Test
    void itSkipsExactlyTheDamagedRecord() throws IOException {
        long written = written();
        Path second = Logs.segmentFiles(damaged).get(1);
        byte[] content = Files.readAllBytes(second);
        content[30_000] ^= 4;
        Files.write(second, content);
        Salvager.Report report = salvage(new ArrayList<>());
        assertEquals(1, report.damage().size(), report.toString());
        Damage gap = report.damage().get(0);
        assertEquals(second.getFileName().toString(), gap.file());
        assertTrue(gap.offset() <= 30_000 && gap.offset() > 28_000, gap.toString());
        assertEquals(written - report.records(), gap.nextSequence() - gap.firstSequence());
        assertEquals(1, gap.missing(), gap.toString());
    }

    @Test
    void aDamagedHeaderCostsNoRecord() throws IOException {
        long written = written();
        for (Path file : Logs.segmentFiles(damaged)) {
            byte[] content = Files.readAllBytes(file);
            Arrays.fill(content, 0, 4096, (byte) 7); // the salt too
            Files.write(file, content);
        }
        Salvager.Report report = salvage(new ArrayList<>());
        assertEquals(List.of(), report.damage());
        assertEquals(written, report.records());
    }

    /** Of a value that holds the frames of a log, this one's too, none is taken for a record. */
    @Test
    void framesInAValueAreNoRecords() throws IOException {
        Path hosting = temporary.resolve("hosting");
        byte[] frames = Files.readAllBytes(Logs.segmentFiles(damaged).get(0));
        WalConfig config = WalConfig.builder(hosting).build();
        Position host;
        try (Wal wal = Wal.open(config)) {
            wal.append(bytes("before"), bytes("1"));
            host = wal.append(bytes("host"), frames);
            wal.append(bytes("after"), bytes("2"));
            wal.append(bytes("end"), bytes("3"));
        }
        Path file = Logs.segmentFiles(hosting).get(0);
        byte[] content = Files.readAllBytes(file);
        for (int i = 0; i < 16; i++) {
            content[(int) host.offset() + i] ^= 0x55; // its head: nobody knows where it ends
        }
        Files.write(file, content);
        try (Wal target = Wal.open(temporary.resolve("target"))) {
            Salvager.Report report = new EngineProvider().salvage(config, target);
            assertEquals(List.of("before", "after", "end"), Logs.keys(target));
            assertEquals(1, report.damage().size(), report.toString());
        }
    }

    @Test
    void checkpointsAreCopiedAndWhatWasTruncatedIsNot() throws IOException {
        Path log = temporary.resolve("log");
        WalConfig config =
                WalConfig.builder(log).fsync("always").segmentBytes(64 << 10).build();
        Path crashed = temporary.resolve("crashed");
        try (Wal wal = Wal.open(config)) {
            List<Position> positions = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                positions.add(wal.append(bytes("key " + i), new byte[1000]));
            }
            wal.checkpoints().save("consumer", positions.get(50));
            wal.checkpoints().save("ahead", wal.end());
            wal.checkpoints().flush();
            Logs.copy(log, crashed);
            wal.truncateAfter(positions.get(99));
            Files.copy(log.resolve("STATE"), crashed.resolve("STATE"), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Wal target = Wal.open(temporary.resolve("target"))) {
            WalConfig of = config.toBuilder().set("wal.dir", crashed.toString()).build();
            Salvager.Report report = new EngineProvider().salvage(of, target);
            assertEquals(100, report.records(), report.toString());
            assertEquals(List.of(), report.damage());
            assertEquals(target.end(), target.checkpoints().load("ahead").orElseThrow());
            try (WalReader reader =
                    target.read(target.checkpoints().load("consumer").orElseThrow())) {
                assertTrue(reader.next());
                assertEquals(
                        "key 50", StandardCharsets.UTF_8.decode(reader.key()).toString());
            }
        }
    }

    @Test
    void anOpenLogIsRefusedAndItsHolderNamed() {
        try (Wal open = Wal.open(config());
                Wal target = Wal.open(temporary.resolve("target"))) {
            assertThrows(WalLockedException.class, () -> new EngineProvider().salvage(config(), target));
            assertEquals(0, target.recovery().records() + target.segments().size());
            open.sync();
        }
    }

    @Test
    void aMissingSegmentAndAnUnreadableOneAreGaps() throws IOException {
        long written = written();
        List<Path> files = Logs.segmentFiles(damaged);
        Files.delete(files.get(1));
        byte[] content = Files.readAllBytes(files.get(3));
        Arrays.fill(content, (byte) 7);
        Files.write(files.get(3), content);
        Salvager.Report report = salvage(new ArrayList<>());
        assertEquals(2, report.damage().size(), report.toString());
        long missing = report.damage().stream()
                .mapToLong(gap -> gap.nextSequence() - gap.firstSequence())
                .sum();
        assertEquals(written, report.records() + missing);
        assertArrayEquals(content, Files.readAllBytes(files.get(3)), "the damaged log is only read");
    }
}
