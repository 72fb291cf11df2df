package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Checkpoints;
import io.walnut.api.Entry;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalState;
import io.walnut.engine.archive.DirectoryArchiver;
import io.walnut.engine.storage.FileStorage;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Metrics;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.StorageFile;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime();
    private final RecordingMeter meter = new RecordingMeter();
    private final List<SegmentInfo> offered = new ArrayList<>();

    private EngineBuilder engine(SegmentArchiver archiver) {
        return Engine.builder(temp.resolve("log"))
                .meter(meter)
                .clock(time)
                .workers(time)
                .archiver(archiver)
                .set("wal.segment.bytes", "64KiB");
    }

    private static void fill(Wal wal, int segments) {
        do {
            wal.append(bytes("key"), new byte[1000]);
        } while (wal.segments().size() < segments);
    }

    private Path archive() {
        return temp.resolve("archive");
    }

    private DirectoryArchiver toDirectory() {
        return new DirectoryArchiver(new FileStorage(archive()));
    }

    @Test
    void eachSegmentIsOfferedOnceWhenItIsSealedOldestFirst() {
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            fill(wal, 3);
            time.pass(INTERVAL);
            assertEquals(wal.segments().subList(0, 2), offered);
            assertTrue(offered.stream().allMatch(each -> each.checksum().isPresent()));
            fill(wal, 4);
            assertEquals(1, meter.value(Metrics.ARCHIVE_PENDING));
            time.pass(INTERVAL.multipliedBy(3));
            assertEquals(wal.segments().subList(0, 3), offered);
            assertEquals(3, meter.value(Metrics.SEGMENTS_ARCHIVED));
            assertEquals(0, meter.value(Metrics.ARCHIVE_PENDING));
            assertEquals(3, meter.events(WalEvent.SegmentArchived.class).size());
            assertEquals(
                    offered.get(2).end(),
                    wal.checkpoints().load(Checkpoints.ARCHIVED).orElseThrow());
        }
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            time.pass(INTERVAL);
            assertEquals(3, offered.size(), "what was archived in an earlier life is remembered");
            assertEquals(4, wal.segments().size());
        }
    }

    @Test
    void aSegmentThatMayBeContinuedAfterAReopeningIsNotOfferedBeforeItIsFull() {
        for (int life = 0; life < 3; life++) {
            try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
                time.pass(INTERVAL);
                assertEquals(List.of(), offered);
                wal.append(bytes("key"), new byte[10]);
                assertEquals(1, wal.segments().size());
            }
        }
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            fill(wal, 2);
            time.pass(INTERVAL);
            assertEquals(wal.segments().subList(0, 1), offered);
        }
    }

    @Test
    void aSegmentThatALaterLifeMayContinueIsNotOfferedEither() throws IOException {
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            wal.append(bytes("key"), new byte[10]);
        }
        Path file = Logs.segmentFiles(temp.resolve("log")).get(0);
        Files.write(file, new byte[4096], StandardOpenOption.APPEND); // as if killed before it was continued
        for (int life = 0; life < 2; life++) {
            try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
                time.pass(INTERVAL);
                assertEquals(List.of(), offered);
            }
        }
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            fill(wal, 3);
            time.pass(INTERVAL);
            assertEquals(wal.segments().subList(0, 2), offered);
        }
    }

    @Test
    void aLastSegmentThatNoLifeContinuesIsOfferedThoughNothingFollows() throws IOException {
        Path killed = temp.resolve("killed");
        try (Wal wal = engine((segment, content) -> {}).open()) {
            wal.append(bytes("key"), new byte[10]);
            wal.sync();
            Logs.copy(temp.resolve("log"), killed);
        }
        try (Wal wal = Engine.builder(killed)
                .clock(time)
                .workers(time)
                .archiver((segment, content) -> offered.add(segment))
                .open()) {
            time.pass(INTERVAL);
            assertEquals(wal.segments(), offered);
            assertEquals(1, offered.size());
        }
    }

    @Test
    void nothingIsOfferedOnceAForceHasFailed() {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        Wal wal = engine((segment, content) -> offered.add(segment))
                .storage(storage)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .open();
        fill(wal, 3);
        wal.append(bytes("not"), bytes("forced"));
        storage.hook = (operation, file) -> {
            if (operation.equals("force")) {
                throw new IOException("Input/output error");
            }
        };
        time.pass(INTERVAL);
        assertEquals(WalState.FAILED, wal.state());
        assertEquals(List.of(), offered);
        assertThrows(WalFailedException.class, wal::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailingArchiverIsAskedAgainAndMeanwhileRetentionKeepsTheSegment(boolean byAnError) {
        boolean[] works = {false};
        try (Wal wal = engine((segment, content) -> {
                    if (!works[0] && byAnError) {
                        throw new StackOverflowError();
                    } else if (!works[0]) {
                        throw new IOException("no");
                    }
                    offered.add(segment);
                })
                .set("wal.retention.bytes", "1")
                .open()) {
            fill(wal, 4);
            List<SegmentInfo> before = wal.segments();
            time.pass(INTERVAL.multipliedBy(2));
            assertEquals(before, wal.segments());
            assertEquals(2, meter.value(Metrics.ARCHIVE_FAILURES), "the first segment each time, and none behind it");
            assertEquals(
                    WalEvent.UpkeepFailed.Task.ARCHIVE,
                    meter.events(WalEvent.UpkeepFailed.class).get(0).task());
            assertTrue(meter.value(Metrics.RETENTION_HELD) > 0);
            works[0] = true;
            time.pass(INTERVAL);
            assertEquals(before.subList(0, 3), offered);
            assertEquals(before.subList(3, 4), wal.segments());
        }
    }

    @Test
    void whatTheArchiverHasHoldsNothingOnceThereIsNoArchiver() {
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            fill(wal, 2);
            time.pass(INTERVAL);
            fill(wal, 4);
        }
        try (Wal wal =
                engine(SegmentArchiver.NONE).set("wal.retention.bytes", "1").open()) {
            time.pass(INTERVAL);
            assertTrue(wal.segments().size() <= 1);
        }
    }

    @Test
    void theArchiveAloneIsNoConsumerThatLetsSegmentsGo() {
        try (Wal wal = engine((segment, content) -> offered.add(segment))
                .set("wal.retention.checkpoints", "delete")
                .open()) {
            fill(wal, 4);
            time.pass(INTERVAL.multipliedBy(2));
            assertEquals(4, wal.segments().size());
        }
    }

    @Test
    void anArchiveOfADirectoryRestoresToALogThatOpens() throws IOException {
        List<Entry> all;
        try (Wal wal = engine(toDirectory()).set("wal.retention.bytes", "1").open()) {
            fill(wal, 4);
            all = entries(wal);
            time.pass(INTERVAL);
            assertEquals(1, wal.segments().size());
        }
        assertEquals(3, Logs.segmentFiles(archive()).size());
        for (String recovery : List.of("strict", "default")) {
            Path restored = Logs.copy(archive(), temp.resolve("restored-" + recovery));
            try (Wal wal =
                    Engine.builder(restored).set("wal.recovery", recovery).open()) {
                List<Entry> found = entries(wal);
                assertEquals(all.subList(0, all.size() - 1), found);
                assertEquals(
                        1,
                        wal.recovery().notes().stream()
                                .filter(note -> note.contains("copied"))
                                .count());
                wal.append(bytes("key"), new byte[10]);
                assertEquals(found.size() + 1, entries(wal).size());
            }
            try (Wal wal =
                    Engine.builder(restored).set("wal.recovery", recovery).open()) {
                assertTrue(wal.recovery().clean());
                assertEquals(all.size(), entries(wal).size());
            }
        }
    }

    @Test
    void copiesOfTheSealedSegmentsTakenWhileTheLogRunsAreALogThatOpens() throws IOException {
        try (Wal wal = engine(SegmentArchiver.NONE).open()) {
            fill(wal, 4);
            wal.sync();
            List<Entry> all = entries(wal);
            Path copy = Files.createDirectory(temp.resolve("copy"));
            for (SegmentInfo segment : wal.segments()) {
                if (segment.sealed() && segment.number() > 1) {
                    Files.copy(temp.resolve("log").resolve(segment.name()), copy.resolve(segment.name()));
                }
            }
            try (Wal copied = Engine.builder(copy).open()) {
                List<Entry> found = entries(copied);
                long first = wal.segments().get(1).firstSequence();
                assertEquals(all.subList((int) first - 1, all.size() - 1), found);
                assertEquals(
                        wal.segments().subList(1, 3).stream()
                                .map(SegmentInfo::checksum)
                                .toList(),
                        copied.segments().stream().map(SegmentInfo::checksum).toList());
            }
        }
    }

    @Test
    void aCopyThatIsThereIsLeftAsItIsAndAnotherContentIsAnError() throws IOException {
        MemoryStorage from = new MemoryStorage("from");
        MemoryStorage to = new MemoryStorage("to");
        DirectoryArchiver archiver = new DirectoryArchiver(to);
        byte[] content = Logs.random(700_000, 1);
        try (StorageFile file = from.create("0000000001.wal")) {
            file.write(ByteBuffer.wrap(content), 0);
            to.create("0000000001.wal.part").close(); // an attempt that was cut short
            SegmentInfo info = engineInfo();
            archiver.archive(info, file);
            archiver.archive(info, file);
            assertEquals(List.of("0000000001.wal"), to.list());
            try (StorageFile copy = to.open("0000000001.wal")) {
                ByteBuffer found = ByteBuffer.allocate(content.length);
                assertEquals(content.length, copy.size());
                copy.read(found, 0);
                assertArrayEquals(content, found.array());
                copy.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 600_000);
            }
            assertTrue(assertThrows(IOException.class, () -> archiver.archive(info, file))
                    .getMessage()
                    .contains("another content"));
        }
    }

    @Test
    void aCopyHasItsNameOnlyWhenItIsForced() throws IOException {
        MemoryStorage from = new MemoryStorage("from");
        WatchedStorage to = new WatchedStorage(new MemoryStorage("to"));
        try (StorageFile file = from.create("0000000001.wal")) {
            file.write(ByteBuffer.wrap(new byte[5000]), 0);
            for (String failing : List.of("write", "force", "rename", "forceDirectory")) {
                to.hook = (operation, name) -> {
                    if (operation.equals(failing)) {
                        throw new IOException("injected");
                    }
                };
                assertThrows(IOException.class, () -> new DirectoryArchiver(to).archive(engineInfo(), file));
                assertFalse(to.list().contains("0000000001.wal"), failing);
            }
            to.hook = (operation, name) -> {};
            new DirectoryArchiver(to).archive(engineInfo(), file);
            assertEquals("forceDirectory ", to.trace.get(to.trace.size() - 1));
        }
    }

    private static SegmentInfo engineInfo() {
        try (Wal wal = Engine.builder(Path.of("nowhere"))
                .storage(new MemoryStorage("memory"))
                .open()) {
            wal.append(bytes("key"), new byte[10]);
            return wal.segments().get(0);
        }
    }

    @Test
    void aSegmentThatWasArchivedAndThenCutOffIsOfferedAgain() {
        try (Wal wal = engine((segment, content) -> offered.add(segment)).open()) {
            fill(wal, 4);
            time.pass(INTERVAL);
            List<Entry> all = entries(wal);
            wal.truncateAfter(all.get(all.size() / 2).position());
            SegmentInfo shorter = wal.segments().get(1);
            offered.clear();
            time.pass(INTERVAL);
            assertEquals(List.of(shorter), offered);
            fill(wal, 4);
            time.pass(INTERVAL);
            assertEquals(wal.segments().subList(1, 3), offered);
        }
    }

    @Test
    void closingDoesNotWaitForAnArchiverThatReads() {
        Wal[] log = new Wal[1];
        try (Wal wal = engine((segment, content) -> {
                    log[0].close();
                    assertThrows(IOException.class, () -> content.read(ByteBuffer.allocate(1), 0));
                    assertThrows(IOException.class, () -> content.write(ByteBuffer.allocate(1), 0));
                    offered.add(segment);
                    throw new IOException("cut short");
                })
                .open()) {
            log[0] = wal;
            fill(wal, 3);
            time.pass(INTERVAL);
        }
        assertEquals(1, offered.size());
        assertEquals(0, meter.value(Metrics.ARCHIVE_FAILURES));
    }

    @Test
    void theDirectoryIsChosenByName() throws Exception {
        WalConfig config = WalConfig.builder(temp.resolve("log"))
                .segmentBytes(64 << 10)
                .set("wal.archiver", "directory")
                .set("wal.archiver.directory.path", archive().toString())
                .set("wal.retention.interval", "1ms")
                .build();
        try (Wal wal = Wal.open(config)) {
            fill(wal, 3);
            while (!wal.checkpoints()
                    .load(Checkpoints.ARCHIVED)
                    .equals(java.util.Optional.of(wal.segments().get(1).end()))) {
                Thread.onSpinWait();
            }
        }
        assertEquals(2, Logs.segmentFiles(archive()).size());
        assertTrue(assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(config.toBuilder()
                                .set(
                                        "wal.archiver.directory.path",
                                        temp.resolve("log").toString())
                                .build()))
                .getMessage()
                .contains("another directory"));
        assertFalse(assertThrows(
                        WalConfigException.class,
                        () -> Wal.open(WalConfig.builder(temp.resolve("other"))
                                .set("wal.archiver", "directory")
                                .build()))
                .problems()
                .isEmpty());
    }
}
