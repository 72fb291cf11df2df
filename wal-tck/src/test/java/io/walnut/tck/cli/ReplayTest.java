package io.walnut.tck.cli;

import static io.walnut.tck.cli.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proof of the demo has to fail wherever a log did not keep its promise. */
class ReplayTest {
    private static final int RECORDS = 10;

    private final SourceText text =
            new SourceText(Path.of("text"), List.of(bytes("a"), bytes(""), bytes("c")), 2, true);
    private final Acknowledgements acknowledged = new Acknowledgements();

    @TempDir
    Path directory;

    private Wal wal;

    @BeforeEach
    void open() {
        wal = Wal.open(WalConfig.builder(directory).build());
    }

    @AfterEach
    void close() {
        wal.close();
    }

    @Test
    void shouldHoldWhenEverythingIsThere() {
        append(0, RECORDS).forEach(acknowledged::add);

        assertTrue(replay().holds());
        assertEquals(RECORDS, replay().found());
        assertEquals(0, replay().onTheirWay());
    }

    @Test
    void shouldHoldWithOneRecordWhoseAcknowledgementDidNotGetOut() {
        append(0, RECORDS).forEach(acknowledged::add);
        append(RECORDS, RECORDS + 1);

        assertTrue(replay().holds());
        assertEquals(1, replay().onTheirWay());
    }

    @Test
    void shouldCatchRecordsThatWereNeverIssued() {
        append(0, RECORDS).forEach(acknowledged::add);
        append(RECORDS, RECORDS + 3);

        assertFalse(replay().holds());
        assertEquals(2, replay().neverIssued());
    }

    @Test
    void shouldCatchALostTail() {
        append(0, RECORDS).forEach(acknowledged::add);
        acknowledged.add(new Position(1, 99_999));

        assertFalse(replay().holds());
        assertEquals(1, replay().missing());
    }

    @Test
    void shouldCatchALostRecordInTheMiddle() {
        append(0, 4).forEach(acknowledged::add);
        append(5, RECORDS).forEach(acknowledged::add);
        acknowledged.add(new Position(1, 99_999));

        assertFalse(replay().holds());
        assertEquals(RECORDS - 5, replay().changed());
        assertEquals(1, replay().missing());
    }

    @Test
    void shouldCatchAnotherOrder() {
        append(0, 4).forEach(acknowledged::add);
        append(5, 6).forEach(acknowledged::add);
        append(4, 5).forEach(acknowledged::add);

        assertFalse(replay().holds());
        assertEquals(2, replay().changed());
    }

    @Test
    void shouldCatchAChangedValue() {
        append(0, 4).forEach(acknowledged::add);
        acknowledged.add(wal.append(SourceText.key(4), bytes("x")));

        assertFalse(replay().holds());
        assertEquals(1, replay().changed());
    }

    @Test
    void shouldCatchARecordThatIsNotWhereItWasAcknowledged() {
        append(0, 3).forEach(acknowledged::add);
        append(3, 4);
        acknowledged.add(new Position(1, 99_999));

        assertFalse(replay().holds());
        assertEquals(1, replay().moved());
    }

    private List<Position> append(int from, int to) {
        return java.util.stream.IntStream.range(from, to)
                .mapToObj(record -> wal.append(SourceText.key(record), text.value(record)))
                .toList();
    }

    private Replay replay() {
        Terminal nowhere =
                new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false);
        return Replay.of(wal, text, acknowledged, new Progress(nowhere, "replaying", acknowledged.count()));
    }
}
