package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.spi.FsyncStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs of format version 1, as they were written once, open for ever: the format is frozen, and none of these files ever
 * changes. Only one that is not there is written, with {@code -Dwalnut.golden.write=true}.
 */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "v1");
    private static final Path EVERYTHING = GOLDEN.resolveSibling("v1-everything");
    private static final Path STAGED = GOLDEN.resolveSibling("v2-staged");
    private static final Path PAGE = Path.of("..", "docs", "format.md");
    private static final int LONG = 40_000;

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

    /** Three segments and a cut: what was deleted, a value in parts, checkpoints, what was truncated, and what came then. */
    private static void writeEverything(Path directory) {
        WalConfig config =
                WalConfig.builder(directory).fsync("os").segmentBytes(64 << 10).build();
        try (Wal wal = Wal.open(config)) {
            wal.append(bytes("deleted"), new byte[60_000]);
            wal.deleteSegmentsBefore(wal.append(bytes("streamed"), Logs.counting(LONG), LONG));
            Position kept = wal.append(put("kept", "last"));
            wal.checkpoints().save("consumer", kept);
            wal.append(put("cut", "off"));
            wal.truncateAfter(kept);
            wal.checkpoints().save("other", wal.append(put("after", "the cut")));
        }
    }

    /** A log that was killed: one record is in its segment, and two are in the stage. */
    private static void writeStaged(Path directory) {
        Path live = directory.resolveSibling("live");
        try (Wal wal = Engine.builder(live)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .workers((AtOnce) (task, nanos) -> {})
                .set("wal.segment.reserve.bytes", "4KiB")
                .set("wal.stage.bytes", "16KiB")
                .open()) {
            wal.append(put("in", "the segment"));
            wal.sync();
            wal.appendBatch(List.of(put("in", "the stage"), put("too", "in it")));
            Logs.copy(live, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsInTheStageContinuesTheSegment() throws IOException {
        Path directory = Logs.copy(STAGED, temporary.resolve("log"));
        try (Wal wal = Wal.openReadOnly(WalConfig.builder(directory).build())) {
            assertEquals(List.of("in", "in", "too"), Logs.keys(wal));
        }
        Files.delete(directory.resolve("STAGE"));
        try (Wal wal = Wal.openReadOnly(WalConfig.builder(directory).build())) {
            assertEquals(List.of("in"), Logs.keys(wal));
        }
    }

    /** It would not look into the stage. */
    @Test
    void aReaderOfVersion1RefusesWhatIsWrittenNow() throws IOException {
        byte[] header = Files.readAllBytes(STAGED.resolve("0000000001.wal"));
        assertEquals(2, header[8], "the version");
        assertEquals(2, header[10], "the oldest version that reads it");
    }

    @BeforeAll
    static void writeIfAsked(@TempDir Path fresh) throws IOException {
        if (Boolean.getBoolean("walnut.golden.write")) {
            writeIfMissing(GOLDEN, fresh.resolve("first"), GoldenFilesTest::write);
            writeIfMissing(STAGED, fresh.resolve("staged"), GoldenFilesTest::writeStaged);
            writeIfMissing(EVERYTHING, fresh.resolve("everything"), GoldenFilesTest::writeEverything);
        }
    }

    private static void writeIfMissing(Path golden, Path fresh, Consumer<Path> writer) throws IOException {
        if (!Files.exists(golden)) {
            writer.accept(fresh);
            Files.delete(fresh.resolve("LOCK"));
            Logs.copy(fresh, golden);
        }
    }

    @Test
    void everythingThatALogOfVersion1CanHoldIsThere() throws IOException {
        Path directory = Logs.copy(EVERYTHING, temporary.resolve("log"));
        try (Wal wal = Wal.openReadOnly(WalConfig.builder(directory).build())) {
            holdsEverything(wal);
        }
        try (Wal wal = Wal.open(directory)) {
            assertTrue(wal.recovery().clean());
            assertEquals(List.of(), wal.recovery().notes());
            holdsEverything(wal);
            wal.append(put("more", "data"));
        }
        try (Wal wal = Wal.open(directory)) {
            assertEquals(List.of("streamed", "kept", "after", "more"), Logs.keys(wal));
        }
    }

    private static void holdsEverything(Wal wal) throws IOException {
        assertEquals(List.of("streamed", "kept", "after"), Logs.keys(wal));
        List<Entry> entries = Logs.entries(wal);
        assertEquals(List.of(2L, 3L, 4L), entries.stream().map(Entry::sequence).toList());
        assertEquals(
                Map.of(
                        "consumer", entries.get(1).position(),
                        "other", entries.get(2).position()),
                wal.checkpoints().all());
        try (WalReader reader = wal.read(wal.start())) {
            assertTrue(reader.next());
            assertTrue(reader.isStreamed());
            try (InputStream value = reader.valueStream()) {
                assertArrayEquals(Logs.counting(LONG).readAllBytes(), value.readAllBytes());
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
