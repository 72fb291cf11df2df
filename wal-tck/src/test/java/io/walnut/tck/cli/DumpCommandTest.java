package io.walnut.tck.cli;

import static io.walnut.tck.cli.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpCommandTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000000006Z");

    @TempDir
    Path log;

    private final List<Position> positions = new ArrayList<>();

    @BeforeEach
    void write() {
        try (Wal wal = Wal.open(Logs.small(log))) {
            positions.add(wal.append(
                    WalRecord.put(bytes("name"), bytes("Walnuß \"1\"\n")).withTimestamp(TIME)));
            positions.add(wal.append(WalRecord.put(new byte[] {(byte) 0xff, 0}, new byte[] {1, 2})
                    .withTimestamp(TIME)
                    .withTtl(Duration.ofSeconds(1))
                    .withVersion(7, 8)));
            positions.add(wal.append(WalRecord.delete(bytes("name")).withTimestamp(TIME)));
        }
    }

    @Test
    void shouldPrintALinePerRecord() {
        assertEquals(
                List.of(
                        positions.get(0) + " #1 " + TIME + " PUT \"name\" = \"Walnuß \\\"1\\\"\\n\"",
                        positions.get(1) + " #2 " + TIME
                                + " PUT 0xff00 = 0x0102 expires 2026-01-02T03:04:06.000000006Z term 7 index 8",
                        positions.get(2) + " #3 " + TIME + " DELETE \"name\""),
                Cli.run("dump", log).ends(0).lines());
    }

    @Test
    void shouldPrintJsonThatTellsTextFromEncodedBytes() throws IOException {
        List<Map<String, Object>> records =
                Json.lines(Cli.run("dump", log, "--format", "json").ends(0).out());

        assertEquals(
                Map.of(
                        "position",
                        positions.get(0).toString(),
                        "sequence",
                        1L,
                        "kind",
                        "PUT",
                        "timestamp",
                        TIME.toString(),
                        "key",
                        "name",
                        "value",
                        "Walnuß \"1\"\n"),
                records.get(0));
        assertEquals("/wA=", records.get(1).get("keyBase64"));
        assertEquals("AQI=", records.get(1).get("valueBase64"));
        assertEquals("2026-01-02T03:04:06.000000006Z", records.get(1).get("expiresAt"));
        assertEquals(7L, records.get(1).get("term"));
        assertEquals(8L, records.get(1).get("index"));
        assertEquals("DELETE", records.get(2).get("kind"));
        assertEquals(false, records.get(2).containsKey("value"));
        assertEquals(3, records.size());
    }

    @Test
    void shouldEncodeAsAsked() throws IOException {
        Cli.run("dump", log, "--bytes", "hex").ends(0).prints("PUT 0x6e616d65 = 0x57616c6e75");
        Cli.run("dump", log, "--bytes", "base64").ends(0).prints("PUT base64:bmFtZQ== = base64:");
        assertEquals(
                "6e616d65",
                Json.lines(Cli.run("dump", log, "--bytes", "hex", "--format", "json")
                                .ends(0)
                                .out())
                        .get(0)
                        .get("keyHex"));
    }

    @Test
    void shouldStartAtAPositionAndStopAtALimit() {
        List<String> lines = Cli.run("dump", log, "--from", positions.get(1), "--limit", 1)
                .ends(0)
                .lines();

        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith(positions.get(1) + " #2 "));
        assertEquals("", Cli.run("dump", log, "--limit", 0).ends(0).out());
    }

    @Test
    void shouldSayWhatIsWrongWithAPosition() {
        Cli.run("dump", log, "--from", "three").ends(2).complains("--from", "not a position: 'three'", "3:4168");
        Cli.run("dump", log, "--from", "99:4168").ends(2).complains("99:4168", "the log goes from " + positions.get(0));
    }

    @Test
    void shouldSayWhatIsWrongWithALimitOrAFormat() {
        Cli.run("dump", log, "--limit", -1).ends(2).complains("--limit -1 is negative");
        Cli.run("dump", log, "--limit", "many").ends(2).complains("--limit", "many");
        Cli.run("dump", log, "--format", "xml").ends(2).complains("--format", "xml", "json");
    }

    @Test
    void shouldPrintWhatLiesBeforeDamageAndThenTellOfIt() throws IOException {
        Path damaged = log.resolve("damaged");
        SegmentInfo first = Logs.write(damaged, 100).get(0);
        Logs.flipBit(damaged.resolve(first.name()), first.end().offset() - 100);

        Cli dump = Cli.run("dump", damaged).ends(1).complains(first.name(), "offset");

        assertEquals(first.records() - 1, dump.lines().size());
    }
}
