package io.walnut.tck.cli;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatCommandTest {
    @TempDir
    Path temp;

    @Test
    void shouldShowSegmentsTotalsAndRecovery() {
        List<SegmentInfo> segments = Logs.write(temp, 200);
        SegmentInfo last = segments.get(segments.size() - 1);

        Cli.run("stat", temp)
                .ends(0)
                .prints(
                        "log       " + temp,
                        "holds     200 records in " + segments.size() + " segments, 2",
                        "KiB",
                        "reaches   from " + segments.get(0).start() + " to " + last.end(),
                        "recovery  the log had been closed in order",
                        last.name(),
                        "sealed");
    }

    @Test
    void shouldShowWhatAKillLeftBehind() throws IOException {
        Path killed;
        try (Wal wal = Wal.open(Logs.small(temp.resolve("live")))) {
            Logs.append(wal, 10);
            killed = Logs.copy(temp.resolve("live"), temp.resolve("killed"));
        }

        Cli.run("stat", killed)
                .ends(0)
                .prints("recovery  the log had not been closed", "scanned 1 of 1 segment", "holds     10 records");
    }

    @Test
    void shouldShowWhereConsumersAreAndTheChecksumsOfSealedSegments() {
        SegmentInfo first = Logs.write(temp, 200).get(0);
        try (Wal wal = Wal.open(Logs.small(temp))) {
            wal.checkpoints().save("projection", first.end());
        }

        Cli.run("stat", temp)
                .ends(0)
                .prints(
                        "consumer  projection at " + first.end(),
                        String.format("%08x", first.checksum().orElseThrow()));
    }

    @Test
    void shouldShowALogFromWhichEverythingWasDeleted() {
        Logs.write(temp, 10);
        try (Wal wal = Wal.open(Logs.small(temp))) {
            wal.deleteSegmentsBefore(wal.end());
        }

        Cli.run("stat", temp).ends(0).prints("holds     0 records in 0 segments");
    }
}
