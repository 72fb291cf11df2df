package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.engine.storage.FileStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {
    @TempDir
    Path temporary;

    private WalConfig config(Path directory, String... more) {
        WalConfig.Builder builder = WalConfig.builder(directory).fsync("os").segmentBytes(64 << 10);
        for (int i = 0; i < more.length; i += 2) {
            builder.set(more[i], more[i + 1]);
        }
        return builder.build();
    }

    /** A log that was killed: its directory copied while it is open. */
    private Path killed(int records, boolean synced, String... more) throws IOException {
        Path live = temporary.resolve("live");
        try (Wal wal = Wal.open(config(live, more))) {
            for (int i = 1; i <= records; i++) {
                wal.append(bytes("key" + i), Logs.random(100, i));
            }
            if (synced) {
                wal.sync();
            }
            return Logs.copyDrained(wal, live, temporary.resolve("killed"));
        }
    }

    private static Path lastSegment(Path directory) throws IOException {
        List<Path> files = Logs.segmentFiles(directory);
        return files.get(files.size() - 1);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 0x10));
            channel.write(one.flip(), offset);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "channel"})
    void afterAKillEverythingAppendedIsThereAndNothingIsReportedAsDamage(String io) throws IOException {
        Path directory = killed(50, false, "wal.io", io);
        try (Wal wal = Wal.open(config(directory, "wal.recovery", "strict"))) {
            RecoveryReport report = wal.recovery();
            assertEquals(50, report.records());
            assertEquals(50, report.lastSequence());
            assertEquals(0, report.bytesTruncated());
            assertFalse(report.clean());
            assertEquals(50, entries(wal).size());
            Position next = wal.append(put("next", ""));
            assertEquals(2, next.segment(), "nothing is appended behind recovered frames");
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(51, entries(wal).size());
            assertTrue(wal.recovery().clean());
        }
    }

    @Test
    void recoveryOfARecoveredLogFindsTheSame() throws IOException {
        Path directory = killed(500, false);
        List<Entry> first;
        try (Wal wal = Wal.open(config(directory))) {
            first = entries(wal);
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(first, entries(wal));
            assertTrue(wal.recovery().clean());
        }
    }

    @Test
    void aTornTailIsCutOffReportedAndQuarantined() throws IOException {
        Path directory = killed(20, false);
        List<Position> positions = new ArrayList<>();
        try (Wal wal = Wal.openReadOnly(config(directory))) {
            entries(wal).forEach(entry -> positions.add(entry.position()));
        }
        flip(lastSegment(directory), positions.get(17).offset() + 40);
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(17, entries(wal).size());
            RecoveryReport.Truncation cut = wal.recovery().truncation().orElseThrow();
            assertEquals(positions.get(17), cut.position());
            assertTrue(cut.bytes() > 300, cut.toString());
            assertTrue(Files.size(directory.resolve(cut.quarantine().orElseThrow())) >= cut.bytes());
            wal.append(put("next", ""));
            assertEquals(18, entries(wal).get(17).sequence());
        }
    }

    @Test
    void theQuarantineIsBoundedOverManyLives() throws IOException {
        Path directory = killed(20, false);
        Path quarantine = Files.createDirectories(directory.resolve("quarantine"));
        for (int i = 0; i < 3; i++) {
            try (FileChannel file = FileChannel.open(
                    quarantine.resolve("000000000" + i + ".4096.torn"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(1), (30 << 20) - 1); // sparse
            }
        }
        Files.createFile(quarantine.resolve("notes-of-an-operator"));
        flip(lastSegment(directory), 4096 + 56 + 40);
        try (Wal wal = Wal.open(config(directory))) {
            assertTrue(wal.recovery().bytesTruncated() > 0);
        }
        try (Stream<Path> kept = Files.list(quarantine)) {
            assertEquals(
                    List.of(
                            "0000000001.0.torn",
                            "0000000001.4096.torn",
                            "0000000002.4096.torn",
                            "notes-of-an-operator"),
                    kept.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 100", "64MiB, 500"})
    void theQuarantineKeepsWhatItMay(String bound, long least) throws IOException {
        Path directory = killed(20, false);
        Path quarantine = directory.resolve("quarantine");
        flip(lastSegment(directory), 4096 + 56 + 40);
        WalConfig config = config(directory).toBuilder()
                .set("wal.quarantine.max.bytes", bound)
                .build();
        try (Wal wal = Wal.open(config)) {
            assertEquals(
                    least > 0,
                    wal.recovery().truncation().orElseThrow().quarantine().isPresent());
        }
        long kept = 0;
        if (Files.exists(quarantine)) {
            try (Stream<Path> files = Files.list(quarantine)) {
                for (Path file : files.toList()) {
                    kept += Files.size(file);
                }
            }
        }
        assertTrue(kept >= least && (least > 100 || kept <= least), "kept " + kept);
    }

    @Test
    void strictRefusesWhatAKillDoesNotLeaveBehind() throws IOException {
        Path directory = killed(20, false);
        flip(lastSegment(directory), 4096 + 56 + 40);
        assertThrows(WalCorruptException.class, () -> Wal.open(config(directory, "wal.recovery", "strict")));
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(0, entries(wal).size());
        }
    }

    @Test
    void damageBelowAWitnessIsCorruptionAndNothingIsChanged() throws IOException {
        Path directory = killed(20, true);
        Path segment = lastSegment(directory);
        flip(segment, 4096 + 56 + 40);
        byte[] before = Files.readAllBytes(segment);
        WalCorruptException e = assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)));
        assertEquals("0000000001.wal", e.file().orElseThrow());
        assertEquals(4096 + 56, e.position().orElseThrow().offset());
        assertTrue(e.getMessage().contains("sequence 1"), e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(segment));
        try (Wal wal = Wal.open(config(directory, "wal.recovery", "truncate"))) {
            assertEquals(0, entries(wal).size());
            assertTrue(wal.recovery().bytesTruncated() > 0);
            wal.append(put("after", ""));
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(1, entries(wal).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "truncate"})
    void whereNothingValidLiesBeforeTheDamageTheErrorDoesNotAdviseToKeepIt(String mode) throws IOException {
        Path directory = killed(20, true);
        Path segment = lastSegment(directory);
        flip(segment, 20);
        byte[] before = Files.readAllBytes(segment);
        WalCorruptException e =
                assertThrows(WalCorruptException.class, () -> Wal.open(config(directory, "wal.recovery", mode)));
        assertTrue(e.getMessage().contains("salvage"), e.getMessage());
        assertFalse(e.getMessage().contains("wal.recovery=truncate"), e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(segment));
    }

    @Test
    void anEmptySegmentIsReportedWhereTheLogEndsWithoutIt() throws IOException {
        Path live = temporary.resolve("live");
        Path directory;
        Position end;
        try (Wal wal = Wal.open(config(live))) {
            wal.append(put("a", "1"));
            end = wal.end();
            wal.append(bytes("b"), Logs.random(70_000, 1));
            wal.sync();
            directory = Logs.copyDrained(wal, live, temporary.resolve("killed"));
        }
        Files.delete(directory.resolve("WITNESS"));
        Path first = directory.resolve("0000000001.wal");
        try (FileChannel channel = FileChannel.open(first, StandardOpenOption.WRITE)) {
            channel.truncate(end.offset()); // without its footer
        }
        Files.deleteIfExists(directory.resolve("0000000003.wal")); // which may have been prepared
        flip(lastSegment(directory), 4096 + 56 + 20);
        try (Wal wal = Wal.open(config(directory))) {
            RecoveryReport.Truncation cut = wal.recovery().truncation().orElseThrow();
            assertEquals("0000000001.wal", cut.file());
            assertEquals(end, cut.position());
            assertEquals(70_000, cut.bytes(), 200);
            assertTrue(cut.why().contains("checksum"), cut.why());
            assertEquals("quarantine/0000000002.0.torn", cut.quarantine().orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4096 + 20, 4096 + 56 + 20}) // the first frame of the segment, and its first record
    void aMarkBehindDamageIsAWitnessWithoutTheWitnessFile(long damaged) throws IOException {
        Path live = temporary.resolve("live");
        Path directory;
        try (Wal wal = Wal.open(config(live))) {
            wal.append(put("a", "1"));
            wal.append(put("b", "2"));
            wal.sync();
            wal.append(put("c", "3"));
            directory = Logs.copyDrained(wal, live, temporary.resolve("killed"));
        }
        Files.delete(directory.resolve("WITNESS"));
        flip(lastSegment(directory), damaged);
        assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)));
    }

    @Test
    void damageInASealedSegmentIsFoundByTheReaderWithFileOffsetAndSequence() throws IOException {
        Path directory = temporary.resolve("log");
        Position tenth = Position.START;
        try (Wal wal = Wal.open(config(directory))) {
            for (int i = 1; i <= 2000; i++) {
                Position p = wal.append(bytes("key"), new byte[100]);
                tenth = i == 10 ? p : tenth;
            }
        }
        flip(directory.resolve("0000000001.wal"), tenth.offset() + 30);
        try (Wal wal = Wal.open(config(directory));
                WalReader reader = wal.read(Position.START)) {
            for (int i = 1; i < 10; i++) {
                assertTrue(reader.next());
            }
            WalCorruptException e = assertThrows(WalCorruptException.class, reader::next);
            assertEquals("0000000001.wal", e.file().orElseThrow());
            assertEquals(tenth, e.position().orElseThrow());
            assertTrue(e.getMessage().contains("sequence 10"), e.getMessage());
            assertThrows(WalCorruptException.class, reader::next, "it stays where it is");
        }
    }

    @Test
    void anUnfinishedBatchIsNotExposed() throws IOException {
        Path live = temporary.resolve("live");
        Path directory;
        Position third;
        try (Wal wal = Wal.open(config(live))) {
            wal.append(put("a", "1"));
            third = wal.appendBatch(List.of(put("b", "2"), put("c", "3"))).get(1);
            directory = Logs.copyDrained(wal, live, temporary.resolve("killed"));
        }
        flip(lastSegment(directory), third.offset() + 30);
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(1, entries(wal).size());
            assertEquals(2, wal.append(put("d", "4")).segment());
            assertEquals(2, entries(wal).get(1).sequence());
        }
    }

    @Test
    void missingSegmentsAreNamed() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(config(directory))) {
            for (int i = 0; i < 3000; i++) {
                wal.append(bytes("key"), new byte[100]);
            }
        }
        for (String missing : List.of("0000000001.wal", "0000000002.wal")) {
            Path aside = temporary.resolve("aside");
            Files.move(directory.resolve(missing), aside);
            WalCorruptException e = assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)));
            assertTrue(e.getMessage().contains("missing"), e.getMessage());
            Files.move(aside, directory.resolve(missing));
        }
        Path aside = temporary.resolve("aside");
        Path last = lastSegment(directory);
        Files.move(last, aside);
        assertTrue(
                assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)))
                        .getMessage()
                        .contains("missing"),
                "a footer or a witness tells that there was a newest one");
        Files.move(aside, last);
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(3000, entries(wal).size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNewestSegmentCanBeLeftBehindWhenItIsMissingAndItsNumberIsNotUsedAgain(boolean witnessed)
            throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(config(directory))) {
            for (int i = 0; i < 3000; i++) {
                wal.append(bytes("key"), new byte[100]);
            }
        }
        Path last = lastSegment(directory);
        Files.delete(last);
        if (!witnessed) {
            Files.delete(directory.resolve("WITNESS"));
        }
        long kept;
        try (Wal wal = Wal.open(config(directory, "wal.recovery", "truncate"))) {
            kept = wal.nextSequence();
            assertTrue(kept > 1 && kept < 3000);
            assertTrue(wal.recovery().notes().toString().contains("missing"), wal.recovery()::toString);
            wal.append(put("after", ""));
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(kept + 1, wal.nextSequence());
            assertTrue(wal.positionOf(kept).segment()
                    > Long.parseLong(last.getFileName().toString().replace(".wal", "")));
        }
    }

    @Test
    void foreignAndRenamedSegmentsAreRefusedAndOtherFilesAreLeftAlone() throws IOException {
        Path directory = temporary.resolve("log");
        Path other = temporary.resolve("other");
        for (Path each : List.of(directory, other)) {
            try (Wal wal = Wal.open(config(each))) {
                for (int i = 0; i < 2000; i++) {
                    wal.append(bytes("key"), new byte[100]);
                }
            }
        }
        List<Path> files = Logs.segmentFiles(directory);
        Path extra = directory.resolve("notes.txt");
        Files.writeString(extra, "mine");
        Files.createDirectory(directory.resolve("0000000099.wal"));
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(2000, entries(wal).size());
        }
        assertEquals("mine", Files.readString(extra));
        byte[] own = Files.readAllBytes(files.get(1));
        Files.write(files.get(1), Files.readAllBytes(other.resolve(files.get(1).getFileName())));
        assertTrue(assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)))
                .getMessage()
                .contains("another log"));
        Files.write(files.get(1), Files.readAllBytes(files.get(0)));
        assertTrue(assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)))
                .getMessage()
                .contains("says that it is segment 1"));
        Files.write(files.get(1), own);
        Wal.open(config(directory)).close();
    }

    @Test
    void aSmallLastSegmentIsContinuedAfterACleanCloseAndNeverAfterAKill() throws IOException {
        Path directory = temporary.resolve("log");
        for (int life = 0; life < 10; life++) {
            try (Wal wal = Wal.open(config(directory))) {
                assertEquals(life, wal.recovery().records());
                wal.append(put("life", "" + life));
            }
        }
        assertEquals(1, Logs.segmentFiles(directory).size());
        try (Wal wal = Wal.open(config(directory, "wal.recovery", "strict"))) {
            wal.append(put("life", "killed"));
            Path killed = Logs.copyDrained(wal, directory, temporary.resolve("killed"));
            try (Wal again = Wal.open(config(killed, "wal.recovery", "strict"))) {
                assertEquals(11, entries(again).size());
                assertEquals(2, again.append(put("life", "next")).segment());
            }
        }
    }

    @Test
    void whatRecoverySealedIsNeverContinuedBecausePositionsBehindItMayHaveBeenHandedOut() throws IOException {
        Path directory = killed(10, false);
        Wal.open(config(directory)).close();
        Wal.open(config(directory)).close();
        try (Wal wal = Wal.open(config(directory))) {
            assertTrue(wal.recovery().clean());
            assertEquals(2, wal.append(put("next", "")).segment());
        }
    }

    @Test
    void aReaderCrossesIntoASegmentThatWasContinued() throws IOException {
        Path directory = killed(10, false);
        for (int life = 0; life < 3; life++) {
            try (Wal wal = Wal.open(config(directory))) {
                wal.append(put("life", "" + life));
                wal.append(put("life", "" + life));
                assertEquals(12 + 2 * life, entries(wal).size());
            }
        }
        assertEquals(2, Logs.segmentFiles(directory).size());
    }

    @Test
    void readingOnlyWorksBesideALiveWriter() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(config(directory))) {
            for (int i = 0; i < 700; i++) {
                wal.append(bytes("key"), new byte[100]);
                if (i % 100 == 0) {
                    try (Wal view = Wal.openReadOnly(config(directory))) {
                        assertEquals(i + 1, entries(view).size());
                        assertThrows(io.walnut.api.WalException.class, () -> view.append(put("no", "")));
                    }
                }
            }
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(700, entries(wal).size());
        }
    }

    @Test
    void aLostFooterIsNotedAndWrittenAgain() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(config(directory))) {
            for (int i = 0; i < 1500; i++) {
                wal.append(bytes("key"), new byte[100]);
            }
        }
        Path first = directory.resolve("0000000001.wal");
        flip(first, Files.size(first) - 60);
        try (Wal view = Wal.openReadOnly(config(directory))) {
            assertTrue(view.recovery().notes().get(0).contains("footer of 0000000001.wal"));
            assertFalse(view.segments().get(0).sealed());
            assertTrue(view.segments().get(1).sealed());
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(1500, entries(wal).size());
            assertEquals(1, wal.recovery().notes().size());
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertTrue(wal.recovery().clean());
        }
    }

    @Test
    void readingOnlyChangesNothingEvenWhereThereIsSomethingToRepair() throws IOException {
        Path directory = killed(100, false);
        flip(lastSegment(directory), 4096 + 600);
        Map<String, ByteBuffer> before = contents(directory);
        try (Wal view = Wal.openReadOnly(config(directory))) {
            assertTrue(entries(view).size() < 100);
            assertFalse(view.recovery().clean());
        }
        assertEquals(before, contents(directory));
    }

    private static Map<String, ByteBuffer> contents(Path directory) throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void anEmptySuccessorThatARecoveryRemovedIsNotMissedByTheNext() throws IOException {
        Path live = temporary.resolve("live");
        Path directory;
        try (Wal wal = Wal.open(config(live))) {
            int before = 0;
            while (wal.segments().size() < 2) {
                before++;
                wal.append(bytes("key"), new byte[1000]);
            }
            wal.sync();
            wal.deleteSegmentsBefore(Position.START); // waits for nothing, changes nothing
            Files.delete(live.resolve("WITNESS"));
            directory = Logs.copyDrained(wal, live, temporary.resolve("killed"));
            assertTrue(before > 10);
        }
        Path second = directory.resolve("0000000002.wal");
        byte[] bytes = Files.readAllBytes(second);
        Arrays.fill(bytes, 4096 + 56, bytes.length, (byte) 0);
        Files.write(second, bytes);
        long records;
        try (Wal wal = Wal.open(config(directory))) {
            records = wal.recovery().records();
            assertTrue(records > 10);
        }
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(records, wal.recovery().records());
            assertEquals(3, wal.append(put("next", "")).segment(), "its number is not used again");
        }
    }

    @Test
    void headerDamageIsRefused() throws IOException {
        Path directory = killed(20, false);
        flip(lastSegment(directory), 44);
        assertThrows(WalCorruptException.class, () -> Wal.open(config(directory)));
    }

    @Test
    void aDamagedStateSlotFallsBackToTheOther() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(config(directory))) {
            for (int i = 0; i < 2000; i++) {
                wal.append(bytes("key"), new byte[100]);
            }
            wal.deleteSegmentsBefore(wal.segments().get(0).end());
        }
        // the first state is in slot 0, the one with the low-water mark in slot 1
        flip(directory.resolve("STATE"), 20);
        try (Wal wal = Wal.open(config(directory))) {
            assertEquals(2, wal.start().segment());
        }
    }

    @Test
    void segmentsWithoutAFooterAreReadSeveralAtATime() throws Exception {
        Path live = temporary.resolve("live");
        List<Entry> written;
        try (Wal wal = Wal.open(config(live))) {
            for (int i = 1; i <= 2000; i++) {
                wal.append(bytes("key" + i), Logs.random(100, i));
            }
            written = entries(wal);
        }
        for (Path file : Logs.segmentFiles(live)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 8);
            }
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch two = new CountDownLatch(2);
        WatchedStorage storage = new WatchedStorage(new FileStorage(live));
        storage.hook = (operation, file) -> {
            if (operation.equals("openReadOnly") && file.endsWith(".wal") && !seen.add(file)) { // now it is scanned
                two.countDown();
                try {
                    if (!two.await(1, TimeUnit.MINUTES)) {
                        throw new IOException("nobody else reads");
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        try (Wal wal = Engine.builder(live).storage(storage).open()) {
            assertTrue(wal.recovery().segmentsScanned() >= 4, wal.recovery().toString());
            assertEquals(written, entries(wal));
        }
    }
}
