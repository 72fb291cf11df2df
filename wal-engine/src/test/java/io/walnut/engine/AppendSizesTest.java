package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.format.SparseIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Appends of every size that could miss its space by a footer's index. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AppendSizesTest {
    private static final int SEGMENT = 64 << 10;
    private static final int BELOW = 4800;
    private static final int ABOVE = 160;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"mapped, zero, os", "channel, zero, batch", "channel, none, always", "channel, sparse, os"})
    void everySizeAroundEveryMultipleOfStrideAndSegmentIsAppended(String io, String preallocator, String fsync) {
        int step = io.equals("mapped") ? 40 : 8; // on files each segment is forced
        for (int multiple = 1; multiple <= 4; multiple++) {
            try (Wal wal = open(io, preallocator, fsync)) {
                for (int size = multiple * SparseIndex.STRIDE - BELOW;
                        size <= multiple * SparseIndex.STRIDE + ABOVE;
                        size += step) {
                    appendAndRead(wal, size);
                    if (size % 80 == 0) {
                        wal.append(new byte[1], new byte[size % 4096]); // the next one meets another tail
                        wal.deleteSegmentsBefore(wal.end());
                    }
                }
            }
        }
    }

    @Test
    void everyTailIsLeftForAnAppendThatFillsTheRest() {
        try (Wal wal = open("mapped", "zero", "os")) {
            for (int before = 0; before < 60_000; before += 4000) {
                wal.append(new byte[0], new byte[before]);
                for (int rest = 61_000 - before; rest < 61_200 - before; rest += 16) {
                    appendAndRead(wal, rest);
                }
                wal.deleteSegmentsBefore(wal.end());
            }
        }
    }

    @Test
    void batchesOfEverySizeAroundTheSegmentAreAppended() {
        try (Wal wal = open("mapped", "zero", "batch")) {
            for (int size = 3 * SEGMENT - BELOW; size <= 3 * SEGMENT + ABOVE; size += 40) {
                List<WalRecord> batch = new ArrayList<>();
                for (int part = 0; part < 3; part++) {
                    batch.add(WalRecord.put(new byte[0], new byte[size / 3]));
                }
                assertEquals(3, wal.appendBatch(batch).size());
            }
        }
    }

    @Test
    void aSegmentThatIsContinuedLetsLargeAppendsBegin() {
        for (int size = SEGMENT - BELOW; size <= SEGMENT + ABOVE; size += 104) {
            try (Wal wal = open("mapped", "zero", "os")) {
                appendAndRead(wal, 8);
                appendAndRead(wal, size);
            }
        }
    }

    @Test
    void valuesFarBeyondASegmentAreAppendedToTheirOwn() {
        try (Wal wal = Wal.open(WalConfig.builder(directory)
                .set("wal.preallocator", "sparse")
                .set("wal.segment.bytes", "16MiB")
                .set("wal.record.max.value.bytes", "256MiB")
                .set("wal.batch.max.bytes", "256MiB")
                .set("wal.fsync", "os")
                .build())) {
            appendAndRead(wal, 200 << 20);
            wal.sync();
            wal.appendAsync(WalRecord.put(new byte[0], new byte[100 << 20])).join();
            assertEquals(
                    4,
                    wal.appendBatch(List.of(mebibytes(10), mebibytes(10), mebibytes(10), mebibytes(10)))
                            .size());
        }
    }

    private static WalRecord mebibytes(int count) {
        return WalRecord.put(new byte[0], new byte[count << 20]);
    }

    private Wal open(String io, String preallocator, String fsync) {
        return Wal.open(WalConfig.builder(directory)
                .set("wal.storage", io.equals("mapped") ? "file" : "memory")
                .set("wal.preallocator", preallocator)
                .set("wal.fsync", fsync)
                .set("wal.io", io)
                .set("wal.segment.bytes", String.valueOf(SEGMENT))
                .build());
    }

    private static void appendAndRead(Wal wal, int size) {
        byte[] value = new byte[size];
        for (int i = 0; i < size; i += 997) {
            value[i] = (byte) (size + i);
        }
        Position position = wal.append(new byte[0], value);
        try (WalReader reader = wal.read(position)) {
            assertTrue(reader.next());
            assertArrayEquals(value, reader.record().valueBytes());
        }
        List<SegmentInfo> segments = wal.segments();
        assertEquals(position.segment(), segments.get(segments.size() - 1).number());
    }
}
