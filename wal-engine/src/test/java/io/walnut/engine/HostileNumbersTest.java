package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.SegmentHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers with valid checksums that no log reaches: an error, or a note, before anything is acknowledged. */
class HostileNumbersTest {
    private static final long[] PLACES = {1L << 32, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE};
    private static final long[] COUNTS = {(1L << 62) + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE};

    @TempDir
    Path directory;

    @BeforeEach
    void aLog() {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            wal.checkpoints().save("consumer", wal.end());
        }
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("b", "2"));
            wal.sync();
            wal.checkpoints().save("consumer", wal.end());
        }
    }

    /** Changes both slots of a file, and seals them again. */
    private byte[] change(String file, int slot, int length, int at, long value) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        byte[] changed = bytes.clone();
        for (int start = 0; start + length <= bytes.length; start += slot) {
            if (Bytes.getLong(changed, start) != 0) {
                Bytes.putLong(changed, start + at, value);
                Bytes.putInt(changed, start + length - 4, Bytes.crc(changed, start, length - 4));
            }
        }
        Files.write(directory.resolve(file), changed);
        return bytes;
    }

    private void assertRefused(String file) {
        WalCorruptException refused = assertThrows(WalCorruptException.class, () -> Wal.open(directory));
        assertTrue(refused.getMessage().contains(file), refused.getMessage());
        assertThrows(
                WalCorruptException.class,
                () -> Wal.openReadOnly(WalConfig.builder(directory).build()));
    }

    private List<String> keys() {
        try (Wal wal = Wal.open(directory)) {
            return Logs.keys(wal);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32, 40, 48, 56, 64, 72, 80, 88})
    void aStateWithNumbersThatNoLogReachesIsRefused(int field) throws IOException {
        for (long number : field == 8 || field == 40 ? COUNTS : PLACES) {
            byte[] before = change("STATE", 4096, 128, field, number);
            assertRefused("STATE");
            Files.write(directory.resolve("STATE"), before);
        }
        assertEquals(List.of("a", "b"), keys());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 24, 32})
    void aWitnessWithNumbersThatNoLogReachesIsRefused(int field) throws IOException {
        for (long number : field == 8 ? COUNTS : PLACES) {
            byte[] before = change("WITNESS", 512, 48, field, number);
            assertRefused("WITNESS");
            Files.write(directory.resolve("WITNESS"), before);
        }
        assertEquals(List.of("a", "b"), keys());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 40, 48})
    void checkpointsWithNumbersThatNoLogReachesAreDamagedOnes(int field) throws IOException {
        int length = 40 + 17 + "consumer".length() + 4;
        for (long number : field == 8 ? COUNTS : PLACES) {
            byte[] before = change("CHECKPOINTS", 64 << 10, length, field, number);
            try (Wal wal = Wal.open(directory)) {
                String notes = wal.recovery().notes().toString();
                assertTrue(notes.contains("CHECKPOINTS"), notes);
                wal.checkpoints().save("consumer", wal.end());
            }
            try (Wal wal = Wal.open(directory)) {
                assertEquals(wal.end(), wal.checkpoints().load("consumer").orElseThrow());
            }
            Files.write(directory.resolve("CHECKPOINTS"), before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 32) - 1, 1L << 32, 9_999_999_999L})
    void aSegmentWithANumberThatNoPositionHoldsIsRefused(long number) throws IOException {
        byte[] segment = Files.readAllBytes(Logs.segmentFiles(directory).get(0));
        Bytes.putLong(segment, 32, number);
        Bytes.putInt(segment, SegmentHeader.BYTES - 4, Bytes.crc(segment, 0, SegmentHeader.BYTES - 4));
        Path file = Files.write(directory.resolve(number + ".wal"), segment);
        assertRefused(number + ".wal");
        Files.delete(file);
        assertEquals(List.of("a", "b"), keys());
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 6, 1L << 31, (1L << 32) + 5, 1L << 40})
    void aFileThatIsLargerThanASegmentIsRefused(long size) throws IOException {
        Path segment = Logs.segmentFiles(directory).get(0);
        long before = Files.size(segment);
        setLength(segment, size); // sparse
        assertRefused("0000000001.wal");
        setLength(segment, before);
        assertEquals(List.of("a", "b"), keys());
    }

    private static void setLength(Path file, long size) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 40, 48})
    void aFooterWithNumbersBeyondItsSegmentIsNotBelieved(int field) throws IOException {
        Path segment = Logs.segmentFiles(directory).get(0);
        byte[] before = Files.readAllBytes(segment);
        for (long number : PLACES) {
            byte[] changed = before.clone();
            int start = (int) Bytes.getLong(changed, changed.length - 16);
            Bytes.putLong(changed, start + field, number);
            reseal(changed, start);
            Files.write(segment, changed);
            try (Wal wal = Wal.open(directory)) {
                assertEquals(List.of("a", "b"), Logs.keys(wal));
            } catch (WalCorruptException e) {
                assertTrue(e.getMessage().contains("0000000001.wal"), e.getMessage());
            }
            Files.write(segment, before);
        }
        assertEquals(List.of("a", "b"), keys());
    }

    private static void reseal(byte[] segment, int start) {
        int length = segment.length - start;
        int bodyCrc = Bytes.crc(segment, start + Frame.KIND_AT, length - Frame.KIND_AT);
        Bytes.putInt(segment, start + 8, bodyCrc);
        int check = new Frame.Checker()
                .check(
                        Bytes.getLong(segment, 40),
                        start,
                        Bytes.getLong(segment, start + 24) + Bytes.getLong(segment, start + 32),
                        length,
                        Bytes.getInt(segment, start + Frame.KIND_AT),
                        bodyCrc,
                        Bytes.getInt(segment, start + 20));
        Bytes.putLong(segment, start, Frame.word(length, check));
    }

    @Test
    void theLastNumberIsUsedAndThenAppendsAreRefused() throws IOException {
        change("STATE", 4096, 128, 48, (1L << 32) - 2);
        WalConfig config =
                WalConfig.builder(directory).set("wal.segment.bytes", "64KiB").build();
        int appended = 0;
        try (Wal wal = Wal.open(config)) {
            while (appended < 200) {
                wal.append(new byte[1], new byte[1000]);
                appended++;
            }
        } catch (WalException e) {
            assertTrue(e.getMessage().contains("new directory"), e.getMessage());
        }
        assertTrue(appended > 10 && appended < 200, "" + appended);
        try (Wal wal = Wal.open(config)) {
            assertEquals(2 + appended, Logs.entries(wal).size());
        }
    }
}
