package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.engine.format.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs that another version wrote, and other configurations than the one that wrote a log. */
class VersionTest {
    @TempDir
    Path directory;

    @BeforeEach
    void write() {
        try (Wal wal = Wal.open(directory)) {
            wal.append(Logs.put("a", "1"));
        }
    }

    private void setVersion(int version, int oldestReader) throws IOException {
        Path segment = Logs.segmentFiles(directory).get(0);
        byte[] content = Files.readAllBytes(segment);
        Bytes.putInt(content, 8, version | oldestReader << 16);
        Bytes.putInt(content, 4092, Bytes.crc(content, 0, 4092));
        Files.write(segment, content);
    }

    @Test
    void aFormatThatNeedsANewerReaderIsRefusedWithBothVersions() throws IOException {
        setVersion(7, 6);
        WalCorruptException refused = assertThrows(WalCorruptException.class, () -> Wal.open(directory));
        assertTrue(
                refused.getMessage().contains("format version 7, which needs a reader of version 6"),
                refused::getMessage);
        assertTrue(refused.getMessage().contains("use a newer Walnut"), refused::getMessage);
    }

    @Test
    void aNewerFormatThatThisReaderUnderstandsIsRead() throws IOException {
        setVersion(7, 1);
        try (Wal wal = Wal.open(directory)) {
            assertEquals(1, Logs.entries(wal).size());
        }
    }

    @ParameterizedTest
    @CsvSource({"none,channel,always", "sparse,channel,os", "native,channel,batch", "zero,mapped,os", "zero,channel,os"
    })
    void anotherConfigurationReadsAndContinuesTheLog(String preallocator, String io, String fsync) {
        WalConfig other = WalConfig.builder(directory)
                .preallocator(preallocator)
                .io(io)
                .fsync(fsync)
                .segmentBytes(64 << 10)
                .build();
        try (Wal wal = Wal.open(other)) {
            wal.append(Logs.put("a", "2"));
        }
        try (Wal wal = Wal.open(directory)) {
            assertEquals(2, Logs.entries(wal).size());
        }
    }
}
