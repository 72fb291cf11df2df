package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.format.StageNote;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens logs whose newest records are only in the stage, whole or not. */
@Timeout(60)
class StageTest {
    private static final String STAGE = "STAGE";

    @TempDir
    private Path temporary;

    private Path live;

    /** Opens a log of which nothing is drained but by full pieces, and by whoever needs it. */
    private Wal open(Path directory, String... more) {
        EngineBuilder builder = Engine.builder(directory)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .workers((AtOnce) (task, nanos) -> {});
        for (int i = 0; i < more.length; i += 2) {
            builder.set(more[i], more[i + 1]);
        }
        live = directory;
        return builder.open();
    }

    private Wal openLive(String... more) {
        return open(temporary.resolve("live"), more);
    }

    private static void append(Wal wal, int from, int to) {
        for (int i = from; i < to; i++) {
            wal.append(bytes("key" + i), Logs.random(100, i));
        }
    }

    private static List<String> keys(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "key" + i).toList();
    }

    private Path killed() throws IOException {
        return Logs.copy(live, Files.createTempDirectory(temporary, "killed").resolve("log"));
    }

    private static List<String> found(Path directory) {
        try (Wal wal = Wal.open(directory)) {
            List<String> found = Logs.keys(wal);
            Position next = wal.append(bytes("next"), new byte[0]);
            assertTrue(next.compareTo(wal.recovery().end()) >= 0);
            return found;
        }
    }

    private static void assertWholeAndLasting(Path directory, int records) {
        assertEquals(keys(0, records), found(directory));
        List<String> again = new ArrayList<>(keys(0, records));
        again.add("next");
        assertEquals(again, found(directory), "opened once more");
    }

    @Test
    void recordsThatAreOnlyInTheStageSurviveAKill() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 20);
            Path killed = killed();
            byte[] segment = Files.readAllBytes(killed.resolve("0000000001.wal"));
            assertArrayEquals(new byte[64], Arrays.copyOfRange(segment, 4096, 4160), "nothing is drained");
            assertWholeAndLasting(killed, 20);
        }
    }

    @Test
    void recordsBehindDrainedOnesAndAfterManyLapsSurviveAKill() throws IOException {
        try (Wal wal = openLive("wal.stage.bytes", "16KiB")) {
            for (int at = 0; at < 2_000; at += 50) {
                append(wal, at, at + 50);
                assertEquals(keys(0, at + 50), found(killed()));
            }
        }
    }

    @Test
    void recordsOfTwoSegmentsInTheStageSurviveAKill() throws IOException {
        try (Wal wal = openLive("wal.segment.bytes", "64KiB", "wal.segment.reserve.bytes", "64KiB")) {
            int at = 0;
            while (wal.segments().size() < 3) {
                append(wal, at, at + 1);
                at++;
            }
            append(wal, at, at + 3);
            assertWholeAndLasting(killed(), at + 3);
        }
    }

    @Test
    void recordsOfALargerRingSurviveAKill() throws IOException {
        live = temporary.resolve("live");
        WalConfig config = WalConfig.builder(live)
                .fsync("os")
                .set("wal.stage.bytes", "1MiB")
                .build();
        try (Wal wal = Wal.open(config)) {
            int appended = 0;
            do { // workers make it grow
                append(wal, appended, appended + 1_000);
                appended += 1_000;
            } while (Files.size(live.resolve(STAGE)) < 1 << 20);
            append(wal, appended, appended + 1_000);
            assertWholeAndLasting(killed(), appended + 1_000);
        }
    }

    @Test
    void aRecordLargerThanTheStageComesBehindWhatIsStaged() throws IOException {
        try (Wal wal = openLive("wal.stage.bytes", "16KiB")) {
            append(wal, 0, 10);
            wal.append(bytes("key10"), Logs.random(100_000, 10));
            append(wal, 11, 20);
            assertWholeAndLasting(killed(), 20);
        }
    }

    @Test
    void aBatchIsInTheStageAsAWhole() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 5);
            wal.appendBatch(IntStream.range(5, 25)
                    .mapToObj(i -> WalRecord.put(bytes("key" + i), new byte[20]))
                    .toList());
            assertWholeAndLasting(killed(), 25);
        }
    }

    @Test
    void withoutItsStageALogHasWhatWasDrained() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            wal.sync();
            append(wal, 10, 20);
            Path killed = killed();
            Files.delete(killed.resolve(STAGE));
            assertWholeAndLasting(killed, 10);
        }
    }

    @Test
    void theStageOfAnotherLogContinuesNothing() throws IOException {
        Path foreign;
        try (Wal wal = open(temporary.resolve("other"))) {
            append(wal, 0, 30);
            foreign = killed();
        }
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            wal.sync();
            Path killed = killed();
            Files.copy(foreign.resolve(STAGE), killed.resolve(STAGE), StandardCopyOption.REPLACE_EXISTING);
            assertWholeAndLasting(killed, 10);
        }
    }

    @Test
    void anOlderStageContinuesNothingThatIsNewer() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            byte[] older = Files.readAllBytes(live.resolve(STAGE));
            append(wal, 10, 20);
            wal.sync();
            append(wal, 20, 30);
            Path killed = killed();
            Files.write(killed.resolve(STAGE), older);
            assertWholeAndLasting(killed, 20);
        }
    }

    @Test
    void aStageNewerThanTheSegmentsContinuesNothing() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            Path killed = killed();
            append(wal, 10, 20);
            Logs.keys(wal); // drains
            append(wal, 20, 30);
            Files.copy(live.resolve(STAGE), killed.resolve(STAGE), StandardCopyOption.REPLACE_EXISTING);
            assertWholeAndLasting(killed, 0);
        }
    }

    /** Files that are copied one after another: the segment before a drain, the witness after the force that followed. */
    @Test
    void stagedFramesAreWrittenToASegmentThatLacksThemWhateverIsWitnessed() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 20);
            Path killed = killed();
            wal.sync();
            Files.copy(live.resolve("WITNESS"), killed.resolve("WITNESS"), StandardCopyOption.REPLACE_EXISTING);
            assertWholeAndLasting(killed, 20);
        }
    }

    /** A MARK in the stage witnesses it. */
    @Test
    void segmentsThatLackWhatTheirStageKnowsToBeDurableAreRefused() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            Path killed = killed();
            append(wal, 10, 20);
            wal.sync();
            append(wal, 20, 30);
            Files.copy(live.resolve(STAGE), killed.resolve(STAGE), StandardCopyOption.REPLACE_EXISTING);
            WalCorruptException refused = assertThrows(WalCorruptException.class, () -> found(killed));
            assertTrue(refused.getMessage().contains("Wal.backup"), refused::getMessage);
        }
    }

    @Test
    void whatATruncationRemovedStaysAwayWithAStageFromBefore() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 5);
            Position kept = wal.append(bytes("key5"), new byte[10]);
            append(wal, 6, 20);
            byte[] before = Files.readAllBytes(live.resolve(STAGE));
            wal.truncateAfter(kept);
            assertEquals(keys(0, 6), found(killed()));
            append(wal, 6, 9);
            assertEquals(keys(0, 9), found(killed()));
            Path killed = killed();
            Files.write(killed.resolve(STAGE), before);
            assertWholeAndLasting(killed, 6);
        }
    }

    @Test
    void whatWasDeletedStaysAwayWithAFullStage() throws IOException {
        try (Wal wal = openLive("wal.segment.bytes", "64KiB")) {
            append(wal, 0, 1_000);
            wal.sync();
            append(wal, 1_000, 1_010);
            wal.deleteSegmentsBefore(wal.end());
            List<String> left = Logs.keys(wal);
            append(wal, 1_010, 1_020);
            List<String> all = new ArrayList<>(left);
            all.addAll(keys(1_010, 1_020));
            assertEquals(all, found(killed()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 24, 40, 100, 120})
    void aTornFrameEndsWhatTheStageContinues(int within) throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            wal.sync();
            append(wal, 10, 20);
            Path killed = killed();
            byte[] stage = Files.readAllBytes(killed.resolve(STAGE));
            StageNote note = StageNote.newest(ByteBuffer.wrap(stage).order(ByteOrder.LITTLE_ENDIAN));
            int fifth = StageNote.RING_AT + note.at() + 48 + 5 * 136; // behind a MARK
            stage[fifth + within] ^= 0x10;
            Files.write(killed.resolve(STAGE), stage);
            List<String> found = found(killed);
            assertEquals(keys(0, found.size()), found);
            assertTrue(found.size() >= 14 && found.size() <= 16, () -> found.size() + " records");
        }
    }

    @Test
    void oneNoteOfTwoIsEnough() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            Path killed = killed();
            byte[] stage = Files.readAllBytes(killed.resolve(STAGE));
            int older = stage[8] == 1 ? StageNote.SLOT : 0; // the other one was never written
            for (int i = 0; i < StageNote.BYTES; i++) {
                stage[older + i] = (byte) i;
            }
            Files.write(killed.resolve(STAGE), stage);
            assertWholeAndLasting(killed, 10);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 4096, 5000, 60_000})
    void aStageThatWasCutOffIsNotFollowedBeyondItsEnd(int size) throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            wal.sync();
            append(wal, 10, 20);
            Path killed = killed();
            byte[] stage = Files.readAllBytes(killed.resolve(STAGE));
            Files.write(killed.resolve(STAGE), Arrays.copyOf(stage, size));
            assertWholeAndLasting(killed, 10);
        }
    }

    @Test
    void aNoteWithNumbersThatNoStageHasIsNotFollowed() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 10);
            wal.sync();
            append(wal, 10, 20);
            Path killed = killed();
            byte[] stage = Files.readAllBytes(killed.resolve(STAGE));
            StageNote note = StageNote.newest(ByteBuffer.wrap(stage).order(ByteOrder.LITTLE_ENDIAN));
            long[][] numbers = {
                {-1, note.offset(), 1 << 16, 0},
                {note.segment(), -8, 1 << 16, 0},
                {note.segment(), note.offset(), Integer.MAX_VALUE, 0},
                {note.segment(), note.offset(), -8, 0},
                {note.segment(), note.offset(), 1 << 16, 1 << 20},
                {note.segment(), note.offset(), 1 << 16, -8},
                {note.segment(), note.offset(), 12, 3},
                {Long.MAX_VALUE, Long.MAX_VALUE - 7, 1 << 16, 0},
            };
            for (long[] each : numbers) {
                byte[] slot = new byte[StageNote.BYTES];
                StageNote.write(
                        slot,
                        1_000,
                        note.logHigh(),
                        each[0],
                        each[1],
                        note.sequence(),
                        note.check(),
                        (int) each[2],
                        (int) each[3]);
                byte[] hostile = stage.clone();
                System.arraycopy(slot, 0, hostile, StageNote.offsetOf(1_000), slot.length);
                Path copy = Logs.copy(killed, Files.createTempDirectory(temporary, "hostile"));
                Files.write(copy.resolve(STAGE), hostile);
                assertEquals(keys(0, 10), found(copy));
            }
        }
    }

    @Test
    void readingOnlyBesideTheWriterSeesWhatIsStagedAndChangesNothing() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 20);
            Path killed = killed();
            try (Wal readOnly = Wal.openReadOnly(WalConfig.builder(live).build())) {
                assertEquals(keys(0, 20), Logs.keys(readOnly));
                readOnly.backup(temporary.resolve("backup"));
            }
            assertEquals(keys(0, 20), found(temporary.resolve("backup")));
            for (String file : List.of(STAGE, "0000000001.wal")) {
                assertEquals(-1, Files.mismatch(live.resolve(file), killed.resolve(file)));
            }
            append(wal, 20, 25);
            assertEquals(keys(0, 25), Logs.keys(wal));
        }
    }

    @Test
    void aReaderDrainsWhatItComesTo() throws IOException {
        try (Wal wal = openLive();
                WalReader reader = wal.read(Position.START)) {
            for (int i = 0; i < 50; i++) {
                append(wal, i, i + 1);
                assertTrue(reader.next());
                assertFalse(reader.next());
            }
        }
    }

    @Test
    void closingLeavesNoStageAndEverythingInTheSegments() throws IOException {
        try (Wal wal = openLive()) {
            append(wal, 0, 20);
        }
        assertFalse(Files.exists(live.resolve(STAGE)));
        try (Wal wal = openLive()) {
            assertTrue(wal.recovery().clean());
            assertEquals(keys(0, 20), Logs.keys(wal));
        }
    }

    @Test
    void aDrainThatFailsStopsTheLogAndWhatWasStagedIsFound() throws IOException {
        Path directory = temporary.resolve("live");
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        List<String> acknowledged = new ArrayList<>();
        Path killed;
        Wal wal = Engine.builder(directory)
                .storage(storage)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .workers((AtOnce) (task, nanos) -> {})
                .open();
        try {
            append(wal, 0, 10);
            acknowledged.addAll(keys(0, 10));
            storage.hook = (operation, file) -> {
                if (operation.equals("write") && file.endsWith(".wal")) {
                    throw new IOException("EIO");
                }
            };
            assertThrows(WalFailedException.class, wal::sync);
            assertThrows(WalFailedException.class, () -> append(wal, 10, 11));
            live = directory;
            killed = killed();
        } finally {
            assertThrows(WalFailedException.class, wal::close);
        }
        assertEquals(acknowledged, found(killed));
        assertEquals(acknowledged, found(directory), "a log that failed leaves its stage behind");
    }
}
