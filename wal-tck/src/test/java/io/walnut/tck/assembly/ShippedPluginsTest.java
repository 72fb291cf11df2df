package io.walnut.tck.assembly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped plugins, chosen by name, in the shipped engine. */
class ShippedPluginsTest {
    private static final byte[] TEXT =
            "{\"name\":\"walnut\",\"kind\":\"log\"}".repeat(300).getBytes(StandardCharsets.UTF_8);

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "v1-codecs");
    private static final List<String> GOLDEN_FILES = List.of("0000000001.wal", "STATE", "WITNESS");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"lz4,file,mapped", "lz4,file,channel", "zstd,file,mapped", "zstd,memory,channel"})
    void valuesAreCompressedAndReadBackWhateverTheConfiguredCodecIsThen(String codec, String storage, String io) {
        WalConfig config = WalConfig.builder(directory.resolve("log"))
                .codec(codec)
                .storage(storage)
                .io(io)
                .build();
        try (Wal wal = Wal.open(config)) {
            wal.append(new byte[8], TEXT);
            wal.append(WalRecord.put(new byte[8], TEXT).withCodec("none"));
            assertTrue(wal.segments().get(0).bytes() < 4096 + 1.5 * TEXT.length);
        }
        try (Wal wal = Wal.open(config.toBuilder().codec("none").build());
                WalReader reader = wal.read(Position.START)) {
            for (int i = 0; i < 2; i++) {
                assertTrue(reader.next());
                assertArrayEquals(TEXT, reader.record().valueBytes());
            }
        }
    }

    @Test
    void twoCodecsInOneLog() {
        WalConfig config = WalConfig.builder(directory)
                .codec("zstd")
                .set("wal.codec.zstd.level", "1")
                .build();
        try (Wal wal = Wal.open(config);
                WalReader reader = wal.read(Position.START)) {
            wal.append(WalRecord.put(new byte[8], TEXT).withCodec("lz4"));
            wal.append(WalRecord.put(new byte[8], TEXT));
            while (reader.next()) {
                assertEquals(TEXT.length, reader.value().remaining());
            }
            assertEquals(2, reader.sequence());
        }
    }

    /** As {@code GoldenFilesTest} of the engine: it is written only if it is not there, when that is asked for. */
    @Test
    void compressedValuesOfFormatVersion1AreReadForEver() throws IOException {
        if (Boolean.getBoolean("walnut.golden.write") && !Files.exists(GOLDEN)) {
            writeGolden(directory.resolve("fresh"));
        }
        Path log = Files.createDirectories(directory.resolve("log"));
        for (String name : GOLDEN_FILES) {
            Files.copy(GOLDEN.resolve(name), log.resolve(name));
        }
        try (Wal wal = Wal.open(log);
                WalReader reader = wal.read(Position.START)) {
            assertTrue(wal.recovery().clean());
            List<Entry> entries = new ArrayList<>();
            reader.forEach(entries::add);
            assertEquals(2, entries.size());
            for (Entry entry : entries) {
                assertArrayEquals(TEXT, entry.record().valueBytes());
            }
            assertEquals(3, wal.nextSequence());
        }
    }

    private static void writeGolden(Path fresh) throws IOException {
        try (Wal wal = Wal.open(fresh)) {
            wal.append(WalRecord.put(new byte[8], TEXT).withCodec("lz4"));
            wal.append(WalRecord.put(new byte[8], TEXT).withCodec("zstd"));
        }
        Files.createDirectories(GOLDEN);
        for (String name : GOLDEN_FILES) {
            Files.copy(fresh.resolve(name), GOLDEN.resolve(name));
        }
    }

    @Test
    void aLogWithTheOpenTelemetryMeterAndNoSdkJustWorks() {
        try (Wal wal = Wal.open(WalConfig.builder(directory).meter("otel").build())) {
            wal.append(new byte[8], TEXT);
            wal.sync();
        }
    }
}
