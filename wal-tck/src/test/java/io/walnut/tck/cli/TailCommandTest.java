package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandTest {
    @TempDir
    Path temp;

    private final List<Long> sequences = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    private boolean look(LogTail tail) throws IOException {
        sequences.clear();
        events.clear();
        try (Wal beside = Wal.openReadOnly(Logs.small(temp))) {
            return tail.look(beside);
        }
    }

    private boolean tells(String event) {
        return events.stream().anyMatch(each -> each.startsWith(event));
    }

    private LogTail tail(Position from) {
        return new LogTail(
                from,
                (Entry entry) -> {
                    sequences.add(entry.sequence());
                    return true;
                },
                events::add);
    }

    @Test
    void shouldTellWhatIsNewEachTime() throws IOException {
        try (Wal wal = Wal.open(Logs.small(temp))) {
            Logs.append(wal, 2);
            LogTail tail = tail(Position.START);
            assertTrue(look(tail));
            assertEquals(List.of(1L, 2L), sequences);
            assertTrue(tells("wal.seen segments=1 "), events::toString);
            assertTrue(look(tail));
            assertEquals(List.of(), sequences);
            assertEquals(List.of(), events);
            Logs.append(wal, 100);
            look(tail);
            assertEquals(100, sequences.size());
            assertTrue(tells("wal.segment_rolled segment=2 "), events::toString);
        }
    }

    @Test
    void shouldTellOfDeletedAndTruncatedRecordsAndGoOnWhereItCan() throws IOException {
        try (Wal wal = Wal.open(Logs.small(temp))) {
            Logs.append(wal, 200);
            LogTail slow = tail(Position.START);
            LogTail fast = tail(wal.end());
            look(fast);
            wal.deleteSegmentsBefore(wal.segments().get(1).start());
            look(fast);
            assertTrue(tells("wal.segments_deleted segments=1 "), events::toString);
            look(slow);
            assertEquals(wal.positionOf(sequences.get(0)), wal.start());
            Position kept = wal.start();
            wal.truncateAfter(kept);
            look(fast);
            assertTrue(tells("wal.suffix_removed "), events::toString);
            assertTrue(tells("wal.gap "), events::toString);
            Logs.append(wal, 1);
            look(fast);
            assertEquals(1, sequences.size());
        }
    }

    @Test
    void shouldPrintRecordsAndEvents() {
        Logs.write(temp, 3);
        Cli.run("tail", temp, "--from", Position.START, "--looks", 1, "--events")
                .ends(0)
                .prints("wal.seen segments=1 ", "key-0", "key-2");
        assertEquals(
                2,
                Cli.run("tail", temp, "--from", Position.START, "--limit", 2, "--interval", 0.001)
                        .ends(0)
                        .lines()
                        .size());
        Cli quiet = Cli.run("tail", temp, "--from", Position.START, "--looks", 2, "--interval", 0.001, "--events-only");
        assertFalse(quiet.ends(0).out().contains("key-0"));
        Cli.run("tail", temp, "--looks", 0).ends(2);
    }
}
