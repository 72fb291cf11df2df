package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalGroup;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.FileStorage;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a log that is in use: complete, of one moment, and nothing to the log itself. */
class BackupTest {
    private static final int BACKUPS = 20;

    @TempDir
    Path temporary;

    private Path directory;
    private Path target;
    private WatchedStorage storage;
    private Wal wal;

    @BeforeEach
    void open() {
        directory = temporary.resolve("log");
        target = temporary.resolve("backups").resolve("one");
        storage = new WatchedStorage(new FileStorage(directory));
        wal = open(storage);
    }

    @AfterEach
    void close() {
        storage.hook = (operation, file) -> {};
        wal.close();
    }

    private Wal open(Storage on) {
        return Engine.builder(directory)
                .set("wal.segment.bytes", "64KiB")
                .storage(on)
                .open();
    }

    private void append(int from, int to) {
        for (int i = from; i < to; i++) {
            wal.append(WalRecord.put(Logs.bytes("key " + i), Logs.random(1000, i)));
        }
    }

    /** Runs something once, when the backup begins to read a segment. */
    private void whenReading(String segment, Runnable action) {
        AtomicBoolean once = new AtomicBoolean();
        storage.hook = (operation, file) -> {
            if (operation.equals("read") && file.equals(segment) && once.compareAndSet(false, true)) {
                assertFalse(Files.exists(target), "nothing has the name yet");
                action.run();
            }
        };
    }

    private String newest() {
        return wal.segments().get(wal.segments().size() - 1).name();
    }

    private static List<String> seen(Wal log) {
        return Logs.entries(log).stream().map(BackupTest::text).toList();
    }

    private static String text(Entry entry) {
        return entry.position() + " " + entry.sequence() + " " + entry.record();
    }

    private List<String> copied() {
        try (Wal copy = Wal.open(target)) {
            assertTrue(copy.recovery().truncation().isEmpty());
            assertTrue(copy.recovery().clean(), "every segment is sealed");
            copy.append(put("more", "value"));
            List<String> seen = seen(copy);
            return seen.subList(0, seen.size() - 1);
        }
    }

    private void assertNothingLeft() throws IOException {
        assertFalse(Files.exists(target));
        if (Files.exists(target.getParent())) {
            try (Stream<Path> left = Files.list(target.getParent())) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    @Test
    void theCopyHoldsTheRecordsTheCheckpointsAndTheSequence() throws IOException {
        append(0, 300);
        wal.appendBatch(List.of(put("a", "1"), put("b", "2")));
        wal.append(Logs.bytes("long"), new ByteArrayInputStream(Logs.random(300_000, 7)), 300_000);
        wal.checkpoints().save("consumer", wal.positionOf(20));
        wal.sync();
        List<String> expected = seen(wal);
        assertEquals(wal.end(), wal.backup(target));
        assertEquals(expected, seen(wal), "nothing happens to the log itself");
        try (Wal copy = Wal.open(target)) {
            assertEquals(wal.nextSequence(), copy.nextSequence());
            assertEquals(wal.positionOf(20), copy.checkpoints().load("consumer").orElseThrow());
            assertEquals(wal.durableEnd(), copy.durableEnd());
        }
        assertEquals(expected, copied());
    }

    @Test
    void copiesTakenBesideAppendsRotationAndDeletionOpenWithoutAHole() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong acknowledged = new AtomicLong();
        append(0, 10);
        Thread writer = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                wal.append(Logs.bytes("key"), Logs.random(1000, i));
                acknowledged.set(wal.nextSequence() - 1);
                if (i % 500 == 499) {
                    wal.deleteSegmentsBefore(wal.positionOf(wal.nextSequence() - 200));
                }
            }
        });
        writer.start();
        try {
            for (int i = 0; i < BACKUPS; i++) {
                long before = acknowledged.get();
                Path copyAt = temporary.resolve("copy " + i);
                Position end = wal.backup(copyAt);
                try (Wal copy = Wal.open(copyAt)) {
                    assertEquals(end, copy.end());
                    List<Entry> entries = Logs.entries(copy);
                    assertTrue(entries.get(entries.size() - 1).sequence() >= before, "what was acknowledged is there");
                    for (int each = 1; each < entries.size(); each++) {
                        assertEquals(
                                entries.get(each - 1).sequence() + 1,
                                entries.get(each).sequence());
                    }
                }
            }
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void whatIsDeletedMeanwhileIsNotInTheCopyAndWhatIsBehindItIs() throws IOException {
        append(0, 600);
        Position middle = wal.positionOf(300);
        whenReading(newest(), () -> assertTrue(wal.deleteSegmentsBefore(middle) > 1));
        wal.backup(target);
        assertEquals(seen(wal), copied());
    }

    @Test
    void ifEverythingIsDeletedMeanwhileTheCopyIsOfWhatIsThereThen() throws IOException {
        append(0, 200);
        whenReading(newest(), () -> {
            wal.deleteSegmentsBefore(wal.end());
            append(200, 210);
        });
        wal.backup(target);
        assertEquals(seen(wal), copied());
    }

    @Test
    void ifTheLogIsTruncatedMeanwhileTheCopyIsOfWhatIsThereThen() throws IOException {
        append(0, 200);
        whenReading(newest(), () -> {
            wal.truncateAfter(wal.positionOf(50));
            append(200, 210);
        });
        wal.backup(target);
        assertEquals(60, seen(wal).size());
        assertEquals(seen(wal), copied());
    }

    @Test
    void aLogThatWasTruncatedWithinABatchIsCopied() {
        List<Position> batch = wal.appendBatch(List.of(put("a", "1"), put("b", "2"), put("c", "3")));
        wal.truncateAfter(batch.get(1));
        wal.backup(target);
        assertEquals(seen(wal), copied());
        assertEquals(2, seen(wal).size());
    }

    @Test
    void aLogThatIsEmptyOrWasEmptiedIsCopied() {
        wal.backup(target);
        try (Wal copy = Wal.open(target)) {
            assertEquals(1, copy.nextSequence());
        }
        append(0, 100);
        wal.deleteSegmentsBefore(wal.end());
        Path second = temporary.resolve("second");
        assertEquals(wal.end(), wal.backup(second));
        try (Wal copy = Wal.open(second)) {
            assertEquals(101, copy.nextSequence());
            assertEquals(wal.end(), copy.end());
        }
    }

    @Test
    void aLogThatIsClosedMeanwhileLeavesNoCopy() throws IOException {
        append(0, 200);
        whenReading(newest(), wal::close);
        assertThrows(WalClosedException.class, () -> wal.backup(target));
        assertNothingLeft();
    }

    @Test
    void aReadErrorLeavesNoCopyAndTheLogGoesOn() throws IOException {
        append(0, 200);
        whenReading(newest(), () -> {
            throw new UncheckedIOException(new IOException("no such luck"));
        });
        assertThrows(RuntimeException.class, () -> wal.backup(target));
        assertNothingLeft();
        storage.hook = (operation, file) -> {
            if (operation.equals("read")) {
                throw new IOException("input/output error");
            }
        };
        WalException failed = assertThrows(WalException.class, () -> wal.backup(target));
        assertEquals(Reason.IO, failed.reason());
        assertTrue(failed.getMessage().contains(target.toString()), failed.getMessage());
        assertNothingLeft();
        storage.hook = (operation, file) -> {};
        append(200, 210);
    }

    @Test
    void nothingThatIsThereIsReplaced() throws IOException {
        append(0, 10);
        Path file = Files.writeString(temporary.resolve("file"), "mine");
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        Path dangling = Files.createSymbolicLink(temporary.resolve("link"), temporary.resolve("nowhere"));
        for (Path taken : List.of(file, empty, dangling, directory)) {
            WalException refused = assertThrows(WalException.class, () -> wal.backup(taken));
            assertEquals(Reason.IO, refused.reason());
            assertTrue(refused.getMessage().contains("there already"), refused.getMessage());
        }
        assertEquals("mine", Files.readString(file));
        assertEquals(10, seen(wal).size());
    }

    @Test
    void aDirectoryThatComesMeanwhileIsNotReplaced() throws IOException {
        append(0, 100);
        whenReading(newest(), () -> target.toFile().mkdirs());
        assertThrows(WalException.class, () -> wal.backup(target));
        try (Stream<Path> files = Files.list(target)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aDamagedTailIsNotCopied() throws IOException {
        append(0, 10);
        wal.sync();
        Path file = directory.resolve(newest());
        byte[] content = Files.readAllBytes(file);
        content[5000] ^= 1;
        Files.write(file, content);
        WalCorruptException damage = assertThrows(WalCorruptException.class, () -> wal.backup(target));
        assertEquals(newest(), damage.file().orElseThrow());
        assertNothingLeft();
    }

    @Test
    void aLogInMemoryIsCopiedToADirectory() {
        try (Wal memory = open(new MemoryStorage("memory"))) {
            for (int i = 0; i < 200; i++) {
                memory.append(Logs.bytes("key " + i), Logs.random(1000, i));
            }
            memory.backup(target);
            assertEquals(seen(memory), copied());
        }
    }

    @Test
    void aLogThatIsOpenForReadingIsCopiedAsItShows() {
        append(0, 200);
        try (Wal shown = Wal.openReadOnly(WalConfig.builder(directory).build())) {
            append(200, 300);
            assertEquals(shown.end(), shown.backup(target));
            assertEquals(seen(shown), copied());
            wal.truncateAfter(wal.positionOf(50));
            Path second = temporary.resolve("second");
            WalException refused = assertThrows(WalException.class, () -> shown.backup(second));
            assertTrue(refused.getMessage().contains("open it again"), refused.getMessage());
            assertFalse(Files.exists(second));
        }
    }

    @Test
    void aLogOfAGroupIsCopied() {
        try (WalGroup group = WalGroup.open(temporary.resolve("group"))) {
            Wal log = group.wal("events");
            log.append(put("key", "value"));
            log.backup(target);
            assertEquals(seen(log), copied());
        }
    }

    /** Nothing tells files of different moments from damage: whoever copied them learns what to do instead. */
    @Test
    void filesThatWereCopiedOneAfterAnotherAreRefusedWithTheWayOut() throws IOException {
        append(0, 10);
        wal.sync();
        byte[] earlier = Files.readAllBytes(directory.resolve(newest()));
        append(10, 20);
        wal.sync();
        Path copy = Logs.copy(directory, temporary.resolve("copy"));
        Files.write(copy.resolve(newest()), earlier);
        WalCorruptException refused = assertThrows(WalCorruptException.class, () -> Wal.open(copy));
        assertTrue(refused.getMessage().contains("Wal.backup"), refused.getMessage());
    }
}
