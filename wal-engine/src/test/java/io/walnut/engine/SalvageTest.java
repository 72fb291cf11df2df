package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalRecord;
import io.walnut.spi.Salvager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                while (!java.util.Arrays.equals(values.get(at), entry.record().valueBytes())) {
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
        assertEquals(List.of(), report.gaps());
        assertEquals(written, report.records());
    }

    @Test
    void behindDamageItGoesOnWhereFramesVerifyAgainAndTellsTheGap() throws IOException {
        long written = written();
        Path second = Logs.segmentFiles(damaged).get(1);
        byte[] content = Files.readAllBytes(second);
        content[30_000] ^= 4;
        Files.write(second, content);
        Salvager.Report report = salvage(new ArrayList<>());
        assertEquals(1, report.gaps().size(), report.toString());
        Salvager.Gap gap = report.gaps().get(0);
        assertEquals(second.getFileName().toString(), gap.file());
        assertTrue(gap.offset() <= 30_000 && gap.offset() > 28_000, gap.toString());
        assertEquals(written - report.records(), gap.nextSequence() - gap.firstSequence());
        assertTrue(gap.nextSequence() - gap.firstSequence() < 400, gap.toString());
    }

    @Test
    void aMissingAndAnUnreadableSegmentAreGaps() throws IOException {
        long written = written();
        List<Path> files = Logs.segmentFiles(damaged);
        Files.delete(files.get(1));
        byte[] content = Files.readAllBytes(files.get(3));
        content[3] ^= 1;
        Files.write(files.get(3), content);
        Salvager.Report report = salvage(new ArrayList<>());
        assertEquals(2, report.gaps().size(), report.toString());
        long missing = report.gaps().stream()
                .mapToLong(gap -> gap.nextSequence() - gap.firstSequence())
                .sum();
        assertEquals(written, report.records() + missing);
        assertArrayEquals(content, Files.readAllBytes(files.get(3)), "the damaged log is only read");
    }
}
