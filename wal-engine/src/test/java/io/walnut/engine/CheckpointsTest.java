package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalState;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Metrics;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    private static final String FILE = "CHECKPOINTS";
    private static final int SLOT = 64 << 10;
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final MemoryStorage disk = new MemoryStorage("memory");
    private final WatchedStorage storage = new WatchedStorage(disk);
    private final ManualTime time = new ManualTime();
    private RecordingMeter meter = new RecordingMeter();

    private EngineBuilder engine() {
        return engine(storage);
    }

    private EngineBuilder engine(Storage on) {
        return Engine.builder(Path.of("nowhere"))
                .storage(on)
                .meter(meter)
                .clock(time)
                .workers(time)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.segment.bytes", "64KiB");
    }

    private long writes() {
        return storage.trace.stream()
                .filter(each -> each.startsWith("write " + FILE))
                .count();
    }

    private void flip(long offset) throws IOException {
        try (StorageFile file = disk.open(FILE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, offset);
            one.put(0, (byte) ~one.get(0)).flip();
            file.write(one, offset);
        }
    }

    @Test
    void whatIsSavedIsThereAtOnceAndInTheNextLife() {
        Position first;
        Position second;
        try (Wal wal = engine().open()) {
            Checkpoints checkpoints = wal.checkpoints();
            assertEquals(Map.of(), checkpoints.all());
            assertEquals(Optional.empty(), checkpoints.load("a"));
            first = wal.append(put("k", "1"));
            second = wal.append(put("k", "2"));
            checkpoints.save("a", first);
            checkpoints.save("b", second);
            checkpoints.save("a", wal.end());
            checkpoints.save("a", second);
            assertEquals(Map.of("a", second, "b", second), checkpoints.all());
            checkpoints.save("b", first);
        }
        try (Wal wal = engine().open()) {
            assertEquals(Map.of("a", second, "b", first), wal.checkpoints().all());
            assertEquals(
                    2, entries(wal, wal.checkpoints().load("b").orElseThrow()).size());
            wal.checkpoints().remove("a");
            wal.checkpoints().remove("nobody");
        }
        try (Wal wal = engine().open()) {
            assertEquals(Map.of("b", first), wal.checkpoints().all());
        }
    }

    @Test
    void savingWritesNothingBeforeTheIntervalAndThenOnce() {
        try (Wal wal = engine().open()) {
            wal.append(put("k", "1"));
            int timers = time.timers();
            for (int i = 0; i < 10; i++) {
                wal.checkpoints().save("a", i % 2 == 0 ? wal.end() : wal.start());
            }
            assertEquals(timers + 1, time.timers(), "one run is planned, however much is saved");
            time.pass(INTERVAL.minusNanos(1));
            assertEquals(0, writes());
            time.pass(Duration.ofNanos(1));
            assertEquals(1, meter.value(Metrics.CHECKPOINT_WRITES));
            time.pass(INTERVAL.multipliedBy(3));
            wal.checkpoints().flush();
            assertEquals(1, meter.value(Metrics.CHECKPOINT_WRITES), "nothing had changed");
            assertEquals(Map.of("a", 10L), meter.byAttribute(Metrics.CHECKPOINT_SAVES));
        }
        assertEquals(1, meter.value(Metrics.CHECKPOINT_WRITES));
    }

    @Test
    void whatIsBeforeACheckpointIsForcedBeforeItIsWritten() {
        try (Wal wal = engine().open()) {
            wal.append(put("k", "1"));
            wal.checkpoints().save("a", wal.end());
            assertTrue(wal.durableEnd().compareTo(wal.end()) < 0);
            storage.trace.clear();
            wal.checkpoints().flush();
            assertEquals(wal.end(), wal.durableEnd());
            int forced = storage.trace.indexOf("force 0000000001.wal");
            int written = storage.trace.indexOf("write CHECKPOINTS.new");
            assertTrue(forced >= 0 && forced < written, storage.trace.toString());
            assertTrue(storage.trace.lastIndexOf("force CHECKPOINTS.new") > written, storage.trace.toString());
            assertEquals("forceDirectory ", storage.trace.get(storage.trace.size() - 1));
        }
    }

    @Test
    void aCheckpointOfALogWithoutRecordsIsKept() {
        try (Wal wal = engine().open()) {
            wal.checkpoints().save("a", Position.START);
            wal.checkpoints().flush();
        }
        try (Wal wal = engine().open()) {
            assertEquals(Optional.of(Position.START), wal.checkpoints().load("a"));
            wal.append(put("k", "1"));
        }
        try (Wal wal = engine().open()) {
            assertEquals(Optional.of(Position.START), wal.checkpoints().load("a"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".a", "-a", "a/b", "../a", "a b", "ä", "a\n", "walnut.lost", "walnut.archived", "walnut.x"})
    void onlyPlainNamesAreTaken(String name) {
        try (Wal wal = engine().open()) {
            assertThrows(IllegalArgumentException.class, () -> wal.checkpoints().save(name, Position.START));
            assertThrows(IllegalArgumentException.class, () -> wal.checkpoints().save("a".repeat(128), Position.START));
            wal.checkpoints().save("a".repeat(127), Position.START);
            wal.checkpoints().save("A-1_b.c", Position.START);
            assertEquals(2, wal.checkpoints().all().size());
        }
    }

    @Test
    void nothingBeyondTheEndIsSaved() {
        try (Wal wal = engine().open()) {
            wal.append(put("k", "1"));
            Position beyond = new Position(wal.end().segment(), wal.end().offset() + 8);
            PositionUnavailableException told = assertThrows(
                    PositionUnavailableException.class, () -> wal.checkpoints().save("a", beyond));
            assertEquals(wal.end(), told.end());
            assertEquals(Map.of(), wal.checkpoints().all());
        }
    }

    @Test
    void moreThanFitsIsRefusedAndNothingOfWhatIsThereIsLost() {
        int count = 0;
        try (Wal wal = engine().open()) {
            WalException full = null;
            while (full == null) {
                try {
                    wal.checkpoints().save("consumer-" + "x".repeat(100) + count, Position.START);
                    count++;
                } catch (WalException e) {
                    full = e;
                }
            }
            assertEquals(Reason.TOO_MANY_CHECKPOINTS, full.reason());
            assertTrue(count > 400, "only " + count);
            wal.checkpoints().flush();
        }
        try (Wal wal = engine().open()) {
            assertEquals(count, wal.checkpoints().all().size());
            wal.checkpoints().remove("consumer-" + "x".repeat(100) + 0);
            wal.checkpoints().save("consumer-" + "x".repeat(100) + "a", Position.START);
        }
    }

    @Test
    void aDamagedCopyFallsBackToTheOneBeforeAndSaysSo() throws IOException {
        Position first;
        try (Wal wal = engine().open()) {
            first = wal.append(put("k", "1"));
            wal.checkpoints().save("a", first);
            wal.checkpoints().flush(); // into the first slot
            wal.checkpoints().save("a", wal.end());
            wal.checkpoints().flush(); // into the second
        }
        flip(SLOT + 50);
        meter = new RecordingMeter();
        try (Wal wal = engine().open()) {
            assertEquals(Optional.of(first), wal.checkpoints().load("a"));
            assertEquals(1, wal.recovery().notes().size());
            assertTrue(
                    wal.recovery().notes().get(0).contains(FILE),
                    wal.recovery().notes().get(0));
            wal.checkpoints().save("a", wal.end());
        }
        assertEquals(1, meter.events(WalEvent.CheckpointsDamaged.class).size());
        assertFalse(meter.events(WalEvent.CheckpointsDamaged.class).get(0).lost());
        try (Wal wal = engine().open()) {
            assertEquals(Optional.of(wal.end()), wal.checkpoints().load("a"));
            assertEquals(List.of(), wal.recovery().notes(), "it was written over");
        }
    }

    @Test
    void withoutAnyValidCopyTheLogOpensAndRetentionHoldsUntilSomebodyHasLooked() throws IOException {
        try (Wal wal = engine().open()) {
            for (int i = 0; i < 300; i++) {
                wal.append(bytes("key"), new byte[1000]);
            }
            wal.checkpoints().save("a", wal.end());
            wal.checkpoints().flush();
            wal.checkpoints().save("b", wal.end());
        }
        flip(50);
        flip(SLOT + 50);
        meter = new RecordingMeter();
        EngineBuilder retaining = engine().set("wal.retention.bytes", "1");
        try (Wal wal = retaining.open()) {
            assertEquals(
                    Map.of(Checkpoints.LOST, Position.START), wal.checkpoints().all());
            assertEquals(300, entries(wal).size());
            assertTrue(wal.recovery().notes().get(0).contains(Checkpoints.LOST));
            wal.checkpoints().save("a", wal.end());
            time.pass(Duration.ofHours(1));
            assertEquals(300, entries(wal).size());
        }
        assertTrue(meter.events(WalEvent.CheckpointsDamaged.class).get(0).lost());
        try (Wal wal = retaining.open()) {
            assertEquals(
                    List.of("a", Checkpoints.LOST),
                    List.copyOf(wal.checkpoints().all().keySet()));
            time.pass(Duration.ofHours(1));
            assertEquals(300, entries(wal).size());
            wal.checkpoints().remove(Checkpoints.LOST);
            time.pass(Duration.ofHours(1));
            assertTrue(entries(wal).size() < 100);
        }
    }

    @Test
    void noDamageOfOneBitAndNoCutGivesAPositionThatWasNeverSaved() throws IOException {
        Position old;
        Position recent;
        try (Wal wal = engine().open()) {
            old = wal.append(put("k", "1"));
            wal.checkpoints().save("a", old);
            wal.checkpoints().flush();
            recent = wal.end();
            wal.checkpoints().save("a", recent);
        }
        byte[] whole;
        try (StorageFile file = disk.openReadOnly(FILE)) {
            whole = new byte[(int) file.size()];
            file.read(ByteBuffer.wrap(whole), 0);
        }
        List<Integer> used = IntStream.concat(IntStream.range(0, 80), IntStream.range(SLOT, whole.length))
                .boxed()
                .toList();
        int[] found = new int[2];
        for (int at : used) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                Map<String, Position> all = checkpointsOf(damaged);
                assertTrue(all.equals(Map.of("a", old)) || all.equals(Map.of("a", recent)), "at " + at + ": " + all);
                found[all.containsValue(old) ? 0 : 1]++;
            }
            Map<String, Position> all = checkpointsOf(Arrays.copyOf(whole, at));
            assertTrue(
                    all.equals(Map.of("a", old))
                            || all.equals(Map.of("a", recent))
                            || all.equals(Map.of(Checkpoints.LOST, Position.START)),
                    "cut to " + at + ": " + all);
        }
        assertTrue(found[0] > 300 && found[1] > 300, "old: " + found[0] + ", recent: " + found[1]);
    }

    private Map<String, Position> checkpointsOf(byte[] content) throws IOException {
        disk.delete(FILE);
        try (StorageFile file = disk.create(FILE)) {
            file.write(ByteBuffer.wrap(content), 0);
        }
        try (Wal view = engine(disk).build().openReadOnly()) {
            return view.checkpoints().all();
        }
    }

    @Test
    void theCheckpointsOfAnotherLogAreNotBelieved() throws IOException {
        MemoryStorage other = new MemoryStorage("other");
        try (Wal wal = engine(other).open()) {
            wal.append(put("k", "1"));
            wal.checkpoints().save("a", wal.end());
        }
        try (Wal wal = engine().open()) {
            wal.append(put("k", "1"));
            wal.checkpoints().save("a", wal.start());
        }
        try (StorageFile from = other.openReadOnly(FILE);
                StorageFile to = disk.open(FILE)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) from.size());
            from.read(bytes, 0);
            to.write(bytes.flip(), 0);
        }
        try (Wal wal = engine().open()) {
            assertEquals(
                    Map.of(Checkpoints.LOST, Position.START), wal.checkpoints().all());
        }
    }

    @Test
    void aLogThatIsOnlyReadLoadsThemAndSavesNone() {
        Position end;
        try (Wal wal = engine().open()) {
            wal.append(put("k", "1"));
            end = wal.end();
            wal.checkpoints().save("a", end);
            wal.checkpoints().flush();
            Wal view = engine(disk).build().openReadOnly();
            assertEquals(Map.of("a", end), view.checkpoints().all());
            assertEquals(Optional.of(end), view.checkpoints().load("a"));
            for (Runnable change : List.<Runnable>of(
                    () -> view.checkpoints().save("a", end),
                    () -> view.checkpoints().remove("a"),
                    () -> view.checkpoints().flush())) {
                assertEquals(
                        Reason.READ_ONLY,
                        assertThrows(WalException.class, change::run).reason());
            }
        }
    }

    @Test
    void aWriteThatFailsIsToldCountedAndTriedAgain() {
        try (Wal wal = engine().open()) {
            wal.append(put("k", "1"));
            wal.checkpoints().save("a", wal.start());
            wal.checkpoints().flush();
            storage.hook = (operation, file) -> {
                if (operation.equals("write") && file.equals(FILE)) {
                    throw new IOException("injected");
                }
            };
            wal.checkpoints().save("a", wal.end());
            assertEquals(
                    Reason.IO,
                    assertThrows(WalException.class, () -> wal.checkpoints().flush())
                            .reason());
            time.pass(INTERVAL);
            assertEquals(2, meter.value(Metrics.CHECKPOINT_FAILURES));
            assertEquals(WalState.OPEN, wal.state());
            wal.append(put("k", "2"));
            assertEquals(
                    WalEvent.UpkeepFailed.Task.CHECKPOINT,
                    meter.events(WalEvent.UpkeepFailed.class).get(0).task());
            storage.hook = (operation, file) -> {};
            time.pass(INTERVAL);
            assertEquals(2, meter.value(Metrics.CHECKPOINT_WRITES));
        }
    }

    @Test
    void aWriteWithoutMemoryIsTriedAgain() {
        try (Wal wal = engine().open()) {
            storage.hook = (operation, file) -> {
                if (file.startsWith(FILE)) {
                    throw new OutOfMemoryError("injected");
                }
            };
            wal.checkpoints().save("a", wal.end());
            time.pass(INTERVAL);
            assertEquals(1, meter.value(Metrics.CHECKPOINT_FAILURES));
            storage.hook = (operation, file) -> {};
            time.pass(INTERVAL);
            assertEquals(1, meter.value(Metrics.CHECKPOINT_WRITES));
        }
    }

    @Test
    void aForceThatFailsStopsTheLog() {
        Wal wal = engine().open();
        wal.append(put("k", "1"));
        wal.checkpoints().save("a", wal.start());
        wal.checkpoints().flush();
        storage.hook = (operation, file) -> {
            if (operation.equals("force") && file.equals(FILE)) {
                throw new IOException("injected");
            }
        };
        wal.checkpoints().save("a", wal.end());
        assertThrows(WalFailedException.class, () -> wal.checkpoints().flush());
        assertEquals(WalState.FAILED, wal.state());
        assertThrows(WalFailedException.class, () -> wal.append(put("k", "2")));
        assertThrows(WalFailedException.class, () -> wal.checkpoints().save("a", Position.START));
        assertEquals(1, wal.checkpoints().all().size());
        assertThrows(WalFailedException.class, wal::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTellsThatTheyCouldNotBeWrittenAndLeavesNothingOpen(boolean memory) {
        Wal wal = engine().open();
        wal.append(put("k", "1"));
        wal.checkpoints().save("a", wal.end());
        storage.hook = (operation, file) -> {
            if (file.startsWith(FILE)) {
                if (memory) {
                    throw new OutOfMemoryError("injected");
                }
                throw new IOException("injected");
            }
        };
        assertEquals(Reason.IO, assertThrows(WalException.class, wal::close).reason());
        assertEquals(0, storage.openFiles());
        storage.hook = (operation, file) -> {};
        try (Wal again = engine().open()) {
            assertTrue(again.recovery().clean());
            assertEquals(Map.of(), again.checkpoints().all());
        }
    }

    @Test
    void aClosedLogHasNone() {
        Wal wal = engine().open();
        wal.checkpoints().save("a", Position.START);
        Checkpoints checkpoints = wal.checkpoints();
        wal.close();
        assertThrows(WalClosedException.class, () -> checkpoints.save("a", Position.START));
        assertThrows(WalClosedException.class, () -> checkpoints.load("a"));
        assertThrows(WalClosedException.class, checkpoints::all);
        assertThrows(WalClosedException.class, checkpoints::flush);
        assertThrows(WalClosedException.class, () -> checkpoints.remove("a"));
    }

    @Test
    void whoseRecordsWereCutOffGoesOnWhereTheCutIs() throws IOException {
        Position kept;
        try (Wal wal = engine().open()) {
            for (int i = 0; i < 200; i++) {
                wal.append(bytes("key"), new byte[1000]);
            }
            kept = wal.segments().get(0).start();
            wal.checkpoints().save("kept", kept);
            wal.checkpoints().save("middle", wal.segments().get(2).start());
            wal.checkpoints().save("end", wal.end());
        }
        disk.delete("0000000002.wal");
        Position cut;
        for (int life = 0; life < 3; life++) {
            try (Wal wal = engine().set("wal.recovery", "truncate").open()) {
                cut = wal.segments().get(0).end();
                assertEquals(
                        Map.of("kept", kept, "middle", cut, "end", cut),
                        wal.checkpoints().all());
                assertEquals(
                        life,
                        entries(wal, wal.checkpoints().load("end").orElseThrow())
                                .size());
                wal.append(put("k", "new"));
            }
        }
    }

    @Test
    void aTruncationTakesCheckpointsBackToTheCutAlsoAfterACrash() throws IOException {
        Position kept;
        Position cut;
        MemoryStorage crashed = new MemoryStorage("crashed");
        try (Wal wal = engine().open()) {
            for (int i = 0; i < 200; i++) {
                wal.append(bytes("key"), new byte[1000]);
            }
            kept = wal.start();
            wal.checkpoints().save("kept", kept);
            wal.checkpoints().save("middle", wal.segments().get(1).end());
            wal.checkpoints().save("end", wal.end());
            wal.checkpoints().flush();
            cut = wal.truncateAfter(entries(wal).get(20).position());
            assertEquals(
                    Map.of("kept", kept, "middle", cut, "end", cut),
                    wal.checkpoints().all());
            wal.append(put("k", "new"));
            wal.sync();
            copy(disk, crashed);
        }
        try (Wal wal = engine(crashed).open()) {
            assertEquals(
                    Map.of("kept", kept, "middle", cut, "end", cut),
                    wal.checkpoints().all());
            assertEquals(
                    1, entries(wal, wal.checkpoints().load("end").orElseThrow()).size());
        }
    }

    private static void copy(MemoryStorage from, MemoryStorage to) throws IOException {
        for (String name : from.list()) {
            try (StorageFile source = from.openReadOnly(name);
                    StorageFile target = to.create(name)) {
                ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
                source.read(bytes, 0);
                target.write(bytes.flip(), 0);
            }
        }
    }

    @Test
    void howFarAConsumerIsBehindIsMetered() {
        try (Wal wal = engine().open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(bytes("key"), new byte[1000]);
            }
            wal.checkpoints().save("done", wal.end());
            wal.checkpoints().save("new", wal.start());
            wal.checkpoints().save("halfway", wal.segments().get(1).start());
            Map<String, Long> lag = meter.byAttribute(Metrics.CHECKPOINT_LAG);
            assertEquals(0, lag.get("done"));
            assertTrue(
                    lag.get("new") > 100_000 && lag.get("new") <= meter.value(Metrics.SEGMENT_BYTES), lag.toString());
            assertTrue(lag.get("halfway") > 0 && lag.get("halfway") < lag.get("new"), lag.toString());
            wal.checkpoints().remove("done");
            assertFalse(meter.byAttribute(Metrics.CHECKPOINT_LAG).containsKey("done"));
            assertFalse(meter.byAttribute(Metrics.CHECKPOINT_SAVES).containsKey("done"));
        }
    }

    @Test
    void aPositionBehindEveryRecordOfItsSegmentIsAPlaceToSave() {
        try (Wal wal = engine().open()) {
            Position first = wal.append(put("a", "1"));
            Position beforeAll = new Position(first.segment() - 1, Long.MAX_VALUE);
            wal.checkpoints().save("consumer", beforeAll);
            assertTimeoutPreemptively(
                    Duration.ofMinutes(1), () -> wal.checkpoints().flush());
            assertEquals(Optional.of(beforeAll), wal.checkpoints().load("consumer"));
        }
    }
}
