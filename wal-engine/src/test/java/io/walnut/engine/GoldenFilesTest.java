package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of format version 1, as it was written once, opens for ever. To write a new one, while the format is not frozen:
 * run this test with {@code -Dwalnut.golden.write=true}, and look at the difference in {@code docs/format.md}.
 */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "v1");
    private static final Path PAGE = Path.of("..", "docs", "format.md");

    @TempDir
    Path temporary;

    private static List<WalRecord> records() {
        Instant time = Instant.parse("2026-01-02T03:04:05.000000006Z");
        return List.of(
                WalRecord.put(bytes("key"), bytes("value")).withTimestamp(time),
                WalRecord.delete(bytes("gone")).withTimestamp(time.plusNanos(1)),
                WalRecord.put(bytes("short"), bytes("lived"))
                        .withTimestamp(time.plusNanos(2))
                        .withTtl(Duration.ofMinutes(1)),
                WalRecord.put(bytes(""), bytes(""))
                        .withTimestamp(time.plusNanos(3))
                        .withVersion(2, 300));
    }

    private static void write(Path directory) {
        WalConfig config =
                WalConfig.builder(directory).fsync("os").nodeId("golden").build();
        try (Wal wal = Wal.open(config)) {
            wal.append(records().get(0));
            wal.sync();
            wal.append(records().get(1));
        }
        try (Wal wal = Wal.open(config)) {
            wal.appendBatch(records().subList(2, 4));
        }
    }

    @BeforeAll
    static void writeIfAsked(@TempDir Path fresh) throws IOException {
        if (Boolean.getBoolean("walnut.golden.write")) {
            write(fresh);
            Files.createDirectories(GOLDEN);
            for (String name : List.of("0000000001.wal", "STATE", "WITNESS")) {
                Files.write(GOLDEN.resolve(name), Files.readAllBytes(fresh.resolve(name)));
            }
        }
    }

    @Test
    void aLogOfVersion1OpensAndIsContinued() throws IOException {
        Path directory = Logs.copy(GOLDEN, temporary.resolve("log"));
        try (Wal wal = Wal.open(directory)) {
            assertTrue(wal.recovery().clean());
            assertEquals(
                    records(), Logs.entries(wal).stream().map(Entry::record).toList());
            assertEquals(
                    Optional.of(new WalRecord.Version(2, 300)),
                    Logs.entries(wal).get(3).record().version());
            wal.append(bytes("more"), bytes("data"));
        }
        try (Wal wal = Wal.open(directory)) {
            assertEquals(5, Logs.entries(wal).size());
        }
    }

    @Test
    void theHexDumpInTheDocumentationIsThatOfTheGoldenFile() throws IOException {
        byte[] segment = Files.readAllBytes(GOLDEN.resolve("0000000001.wal"));
        String page = Files.readString(PAGE, StandardCharsets.UTF_8);
        List<String> expected = new ArrayList<>();
        dump(segment, 0, 80, expected);
        dump(segment, 4080, segment.length, expected);
        String dump = String.join("\n", expected);
        if (Boolean.getBoolean("walnut.golden.write")) {
            int from = page.indexOf("```hexdump\n") + 11;
            page = page.substring(0, from) + dump + page.substring(page.indexOf("\n```", from));
            Files.writeString(PAGE, page, StandardCharsets.UTF_8);
        }
        assertTrue(page.contains("```hexdump\n" + dump + "\n```"), () -> "docs/format.md is stale; expected\n" + dump);
        assertEquals(segment.length % 8, 0);
        assertArrayEquals(bytes("WALNUTFT"), java.util.Arrays.copyOfRange(segment, segment.length - 8, segment.length));
    }

    private static void dump(byte[] bytes, int from, int to, List<String> lines) {
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int at = from; at < to; at += 16) {
            int end = Math.min(at + 16, to);
            StringBuilder text = new StringBuilder();
            for (int i = at; i < end; i++) {
                text.append(bytes[i] >= 32 && bytes[i] < 127 ? (char) bytes[i] : '.');
            }
            lines.add(String.format(Locale.ROOT, "%06x  %-47s  %s", at, hex.formatHex(bytes, at, end), text));
        }
    }
}
