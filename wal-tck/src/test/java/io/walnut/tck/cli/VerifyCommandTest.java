package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private static final int RECORDS = 200;

    @TempDir
    Path temp;

    @Test
    void shouldReadEveryRecordOfEverySegment() {
        int segments = Logs.write(temp, RECORDS).size();

        Cli.run("verify", temp).ends(0).prints("ok: 200 records in " + segments + " segments, all intact");
    }

    @Test
    void shouldLocateAFlippedBitAndStillReadTheOtherSegments() throws IOException {
        List<SegmentInfo> segments = Logs.write(temp, RECORDS);
        assertTrue(segments.size() >= 3);
        SegmentInfo damaged = segments.get(1);
        Logs.flipBit(temp.resolve(damaged.name()), damaged.start().offset() + 100);

        Cli.run("verify", temp)
                .ends(1)
                .prints(
                        "damage: " + damaged.name() + ": at " + damaged.start(),
                        "sequence " + damaged.firstSequence(),
                        "DAMAGED: 1 problem; " + (RECORDS - damaged.records()) + " records");
    }

    @Test
    void shouldFindAFlippedBitWhereverARecordIs() throws IOException {
        SegmentInfo segment = Logs.write(temp, 20).get(0);
        long start = segment.start().offset();
        long end = segment.end().offset();
        for (long offset = start; offset < end; offset += 509) {
            Logs.flipBit(temp.resolve(segment.name()), offset);
            Cli.run("verify", temp).ends(1).prints("damage: ", segment.name());
            Logs.flipBit(temp.resolve(segment.name()), offset);
        }
        Cli.run("verify", temp).ends(0);
    }

    @Test
    void shouldReadStreamedValuesToo() throws IOException {
        SegmentInfo first;
        try (Wal wal = Wal.open(Logs.small(temp))) {
            wal.append(Logs.bytes("long"), new ByteArrayInputStream(new byte[300_000]), 300_000);
            first = wal.segments().get(0);
        }
        Cli.run("verify", temp).ends(0).prints("ok: 1 record in ");
        Cli.run("dump", temp).ends(0).prints("to be read as a stream");
        Logs.flipBit(temp.resolve(first.name()), 10_000);
        Cli.run("verify", temp).ends(1).prints("damage: ", first.name());
    }

    @Test
    void shouldNotTakeThePartsOfARejectedValueForDamage() {
        try (Wal wal = Wal.open(Logs.small(temp))) {
            wal.append(Logs.bytes("key"), Logs.bytes("value"));
            InputStream tooShort = new ByteArrayInputStream(new byte[150_000]);
            assertThrows(WalException.class, () -> wal.append(Logs.bytes("long"), tooShort, 300_000));
        }
        Cli.run("verify", temp).ends(0).prints("ok: 1 record in ");
    }

    @Test
    void shouldTellDeletionBesideItFromDamage() throws IOException {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(out), false);
        List<String> damage = new ArrayList<>();
        try (Wal wal = Wal.open(Logs.small(temp))) {
            Logs.append(wal, RECORDS);
            try (Wal beside = Wal.openReadOnly(Logs.small(temp))) {
                List<SegmentInfo> segments = beside.segments();
                wal.deleteSegmentsBefore(segments.get(2).start());
                long read = new VerifyCommand(terminal).verify(beside, Logs.small(temp), damage);
                assertEquals(List.of(), damage);
                assertTrue(out.toString().contains("deleted meanwhile"), out::toString);
                assertEquals(
                        RECORDS - segments.get(0).records() - segments.get(1).records(), read);

                Files.delete(temp.resolve(segments.get(3).name()));
                new VerifyCommand(terminal).verify(beside, Logs.small(temp), damage);
                assertEquals(1, damage.size(), damage::toString);
            }
        }
    }

    @Test
    void shouldTellOfAMissingSegment() throws IOException {
        List<SegmentInfo> segments = Logs.write(temp, RECORDS);
        Files.delete(temp.resolve(segments.get(1).name()));

        Cli.run("verify", temp)
                .ends(1)
                .prints(
                        "opening is refused",
                        "segments between",
                        "missing",
                        segments.get(0).records() + " records");
    }

    @Test
    void shouldTellOfDamageThatNothingLiesBefore() throws IOException {
        SegmentInfo first = Logs.write(temp, 3).get(0);
        Logs.flipBit(temp.resolve(first.name()), 8);

        Cli.run("verify", temp).ends(1).complains(first.name());
    }

    @Test
    void shouldNotTakeTheLenientRecoveryOfAConfigurationForHealth() throws IOException {
        List<SegmentInfo> segments = Logs.write(temp, RECORDS);
        Files.delete(temp.resolve(segments.get(1).name()));

        Cli.run("verify", temp, "--set", "wal.recovery=truncate").ends(1).prints("missing");
    }

    @Test
    void shouldTellDamageToWhatWasDurableFromATornTail() throws IOException {
        Path live = temp.resolve("live");
        SegmentInfo last;
        Path torn;
        Path damaged;
        try (Wal wal = Wal.open(Logs.small(live))) {
            Logs.append(wal, 10);
            last = wal.segments().get(0);
            torn = Logs.copy(live, temp.resolve("torn"));
            damaged = Logs.copy(live, temp.resolve("damaged"));
        }
        Logs.flipBit(torn.resolve(last.name()), last.end().offset() + 2000);
        Logs.flipBit(damaged.resolve(last.name()), last.start().offset() + 2000);

        Cli.run("verify", torn).ends(0).prints("had not been closed", "all intact");
        Cli.run("verify", damaged).ends(1).prints("opening is refused", last.name(), "DAMAGED");
    }
}
