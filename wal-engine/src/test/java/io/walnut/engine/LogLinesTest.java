package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalRecord;
import io.walnut.engine.log.Workers;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator finds in the log of the application. */
class LogLinesTest {
    private static final Logger LOGGER = Logger.getLogger("io.walnut");
    private static final Pattern SHAPE = Pattern.compile("[A-Z]+ wal(\\.[a-z_]+)+ log=captured( \\w+=\\S+)*(: .+)?");
    private static final Pattern IN_SOURCE = Pattern.compile("\"(wal(?:\\.[a-z_]+)+(?: log=)?)[ :\"]");

    private final MemoryStorage disk = new MemoryStorage("memory");
    private final WatchedStorage storage = new WatchedStorage(disk);
    private final ManualTime time = new ManualTime();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().contains(" log=captured")) {
                lines.add(entry.getLevel() + " " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @TempDir
    Path temporary;

    private Level before;

    @BeforeEach
    void capture() {
        before = LOGGER.getLevel();
        LOGGER.setLevel(Level.INFO);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(capture);
    }

    @AfterEach
    void everyLineIsAnEventWithKeysAndValuesAndThenASentence() {
        LOGGER.removeHandler(capture);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(before);
        assertTrue(lines.stream().allMatch(line -> SHAPE.matcher(line).matches()), lines::toString);
    }

    private EngineBuilder engine() {
        return Engine.builder(Path.of("nowhere"))
                .set("wal.name", "captured")
                .set("wal.segment.bytes", "64KiB")
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .storage(storage);
    }

    private Wal openFiles(Path directory) {
        return Wal.open(WalConfig.builder(directory)
                .set("wal.name", "captured")
                .fsync("os")
                .build());
    }

    private void failing(String operation, String file, IOException failure) {
        storage.hook = (done, on) -> {
            if (done.equals(operation) && on.endsWith(file)) {
                throw failure;
            }
        };
    }

    private void assertLines(String... beginnings) {
        assertEquals(beginnings.length, lines.size(), lines::toString);
        for (int i = 0; i < beginnings.length; i++) {
            assertTrue(lines.get(i).startsWith(beginnings[i]), lines::toString);
        }
    }

    @Test
    void retentionByAgeThatCannotActOnAnIdleLogIsToldOf() {
        engine().set("wal.retention.age", "1d").open().close();
        assertLines("INFO wal.opened", "WARNING wal.retention.idle log=captured: wal.retention.age ");
        lines.clear();
        engine().set("wal.retention.age", "1d")
                .set("wal.segment.age", "1h")
                .open()
                .close();
        assertLines("INFO wal.opened");
    }

    @Test
    void aLogThatIsWellSaysOnlyThatItWasOpened() {
        EngineBuilder busy = engine().clock(time)
                .workers(time)
                .set("wal.retention.bytes", "100000")
                .set("wal.segment.age", "1m");
        try (Wal wal = busy.open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(new byte[8], new byte[4000]);
            }
            wal.sync();
            wal.checkpoints().save("reader", wal.end());
            Logs.keys(wal);
            time.pass(Duration.ofHours(1));
            wal.deleteSegmentsBefore(wal.end());
        }
        try (Wal again = engine().open()) {
            again.append(put("k", "v"));
        }
        assertLines(
                "INFO wal.opened log=captured at=memory clean=true segments=0 records=0 ",
                "INFO wal.opened log=captured at=memory clean=true ");
    }

    @Test
    void damageThatAReaderMeetsIsNamedWithFileAndPosition() throws IOException {
        try (Wal wal = engine().open()) {
            long offset = wal.append(new byte[8], new byte[100]).offset();
            wal.sync();
            try (StorageFile file = disk.open("0000000001.wal")) {
                file.write(ByteBuffer.wrap(new byte[] {1}), offset + 60);
            }
            assertThrows(WalException.class, () -> Logs.keys(wal));
            assertLines(
                    "INFO wal.opened",
                    "SEVERE wal.corrupt log=captured file=0000000001.wal position=1:" + offset + ": damage in ");
        }
    }

    @Test
    void damageForWhichALogIsNotOpenedIsNamedToo() throws IOException {
        Path live = temporary.resolve("live");
        Path killed = temporary.resolve("killed");
        long offset;
        try (Wal wal = openFiles(live)) {
            offset = wal.append(bytes("a"), new byte[100]).offset();
            wal.append(put("b", "2"));
            wal.sync();
            Logs.copyDrained(wal, live, killed);
        }
        change(killed, offset + 60);
        assertThrows(WalCorruptException.class, () -> openFiles(killed));
        assertLines(
                "INFO wal.opened", "SEVERE wal.corrupt log=captured file=0000000001.wal position=1:" + offset + ": ");
    }

    private static void change(Path directory, long offset) throws IOException {
        Path file = directory.resolve("0000000001.wal");
        byte[] content = Files.readAllBytes(file);
        content[(int) offset] ^= 0x10;
        Files.write(file, content);
    }

    @Test
    void whatIsCutOffIsToldWithWhereAndHowMuch() throws IOException {
        Path live = temporary.resolve("live");
        Path killed = temporary.resolve("killed");
        long offset;
        try (Wal wal = openFiles(live)) {
            wal.append(put("a", "1"));
            offset = wal.append(bytes("b"), new byte[100]).offset();
            Logs.copyDrained(wal, live, killed);
        }
        change(killed, offset + 60);
        openFiles(killed).close();
        assertLines(
                "INFO wal.opened",
                "INFO wal.opened log=captured at=" + killed + " clean=false ",
                "WARNING wal.truncated log=captured file=0000000001.wal position=1:" + offset + " bytes=");
        assertTrue(lines.get(2).contains(" quarantine="), lines.get(2));
    }

    @Test
    void aLogThatStopsSaysSoOnceAndUpToWhereItIsDurable() {
        Wal wal = engine().open();
        wal.append(put("a", "1"));
        String durable = wal.sync().toString();
        failing("force", ".wal", new IOException("Input/output error"));
        assertThrows(WalFailedException.class, () -> wal.append(put("b", "2"), Durability.DEVICE));
        assertThrows(WalFailedException.class, () -> wal.append(put("c", "3")));
        assertThrows(WalFailedException.class, wal::close);
        assertLines("INFO wal.opened", "SEVERE wal.failed log=captured durableEnd=" + durable + ": ");
    }

    @Test
    void backPressureIsToldOnceAMinute() {
        try (Wal wal = engine().set("wal.unsynced.max.bytes", "4096").open()) {
            for (int i = 0; i < 20; i++) {
                wal.append(WalRecord.put(new byte[8], new byte[3000]));
            }
        }
        assertLines("INFO wal.opened", "WARNING wal.back_pressure log=captured unsyncedBytes=");
    }

    @Test
    void waitingForSpaceIsToldOnceAMinute() {
        AtOnce inline = (task, nanos) -> {
            time.pass(Duration.ofNanos(nanos));
            task.run();
        };
        failing("create", ".spare", new StorageFullException("No space left on device", null));
        try (Wal wal = engine().clock(time)
                .workers(inline)
                .set("wal.full.retry.limit", "90s")
                .open()) {
            assertThrows(WalException.class, () -> wal.append(put("a", "1")));
            String line = "WARNING wal.write.retried log=captured limitMillis=90000: ";
            assertLines("INFO wal.opened", line, line);
            assertTrue(lines.get(1).contains("No space left on device"), lines.get(1));
        }
    }

    @Test
    void upkeepThatFailsIsToldEachTime() {
        try (Wal wal = engine().clock(time).workers(time).open()) {
            wal.append(put("a", "1"));
            wal.checkpoints().save("reader", wal.start());
            wal.checkpoints().flush();
            failing("write", "CHECKPOINTS", new IOException("Input/output error"));
            wal.checkpoints().save("reader", wal.end());
            time.pass(Duration.ofSeconds(60));
            storage.hook = (operation, file) -> {};
            time.pass(Duration.ofSeconds(60));
        }
        String line = "WARNING wal.upkeep.failed log=captured task=checkpoint position=";
        assertLines("INFO wal.opened", line, line);
    }

    @Test
    void aFileThatCannotBeDeletedIsNamed() {
        try (Wal wal = engine().open()) {
            wal.append(put("a", "1"));
            failing("delete", ".wal", new IOException("Input/output error"));
            assertEquals(1, wal.deleteSegmentsBefore(wal.end()));
            storage.hook = (operation, file) -> {};
        }
        assertLines("INFO wal.opened", "WARNING wal.delete.failed log=captured file=0000000001.wal: ");
    }

    @Test
    void aLogThatCannotNoteWhatIsDurableSaysThatItGoesOnWithout() {
        failing("create", "WITNESS", new IOException("Input/output error"));
        try (Wal wal = engine().open()) {
            for (String key : List.of("a", "b")) {
                wal.append(put(key, "1"));
                wal.sync();
            }
        }
        assertLines("INFO wal.opened", "INFO wal.witness.unavailable log=captured at=memory: ");
    }

    @Test
    void aPreallocatorThatIsNotToBeHadHereSaysSoOnce() {
        WalConfig config = WalConfig.builder(Path.of("nowhere"))
                .set("wal.name", "captured")
                .set("wal.storage", "memory")
                .set("wal.preallocator", "native")
                .set("wal.segment.bytes", "64KiB")
                .build();
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 20; i++) {
                wal.append(new byte[8], new byte[10_000]);
            }
        }
        assertLines("INFO wal.opened", "WARNING wal.preallocate.fallback log=captured preallocator=native: ");
    }

    @Test
    void aSubscriberThatThrowsIsTold() {
        try (Wal wal = engine().executor(Runnable::run).open()) {
            wal.append(put("a", "1"), Durability.DEVICE);
            wal.publisher(Position.START).subscribe(new Thrower(true));
        }
        assertLines("INFO wal.opened", "WARNING wal.subscriber.failed log=captured: ");
    }

    @Test
    void soIsOneThatThrowsAtTheEndOfALogThatIsOnlyRead() {
        Path directory = temporary.resolve("read");
        openFiles(directory).close();
        WalConfig reading = WalConfig.builder(directory)
                .set("wal.name", "captured")
                .executor(Runnable::run)
                .build();
        try (Wal wal = Wal.openReadOnly(reading)) {
            wal.publisher(Position.START).subscribe(new Thrower(false));
        }
        assertLines("INFO wal.opened", "WARNING wal.subscriber.failed log=captured: ");
    }

    private record Thrower(boolean atOnce) implements Flow.Subscriber<Entry> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            if (atOnce) {
                throw new IllegalStateException("a subscriber that throws");
            }
        }

        @Override
        public void onNext(Entry entry) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {
            throw new IllegalStateException("a subscriber that throws");
        }
    }

    @Test
    void aTaskThatThrowsIsToldAndKeepsNoLaterOneFromRunning() {
        Workers.Serial tasks = new Workers.Serial(time, "captured");
        tasks.execute(() -> {
            throw new IllegalStateException("a task that throws");
        });
        tasks.execute(() -> {
            throw new AssertionError("a task that throws worse");
        });
        AtomicBoolean ran = new AtomicBoolean();
        tasks.execute(() -> ran.set(true));
        assertTrue(ran.get());
        assertLines("WARNING wal.task.failed log=captured", "WARNING wal.task.failed log=captured");
    }

    @Test
    void thePageOfOperationsExplainsEachLineAndEachNamesItsLog() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "operations", "README.md"));
        Set<String> told = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                told.addAll(told(Files.readString(file)));
            }
        }
        assertTrue(told.contains("wal.opened log=") && told.size() > 15, told.toString());
        assertEquals(
                List.of(), told.stream().filter(line -> !line.endsWith(" log=")).toList());
        told.removeIf(line -> page.contains("`" + line.replace(" log=", "") + "`"));
        assertEquals(Set.of(), told);
    }

    /** {@return how the lines begin that are written at INFO and above: the name, and which log} */
    private static Set<String> told(String source) {
        Set<String> told = new TreeSet<>();
        for (String call : source.split("\\.log\\(")) {
            if (call.matches("(?s)\\s*System\\.Logger\\.Level\\.(INFO|WARNING|ERROR),.*")) {
                Matcher line = IN_SOURCE.matcher(call);
                if (line.find()) {
                    told.add(line.group(1));
                }
            }
        }
        return told;
    }
}
