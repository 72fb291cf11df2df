package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.BackPressureException;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Codec;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.StorageFile;
import io.walnut.spi.WalEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MeteringTest {
    private static final FsyncStrategy NEVER = (pending, own) -> FsyncStrategy.NOT_BY_ITSELF;
    private static final FsyncStrategy ALWAYS = (pending, own) -> FsyncStrategy.NOW;

    @TempDir
    Path temporary;

    private final RecordingMeter meter = new RecordingMeter();
    private final MemoryStorage disk = new MemoryStorage("memory");
    private final WatchedStorage storage = new WatchedStorage(disk);

    private EngineBuilder engine(FsyncStrategy strategy) {
        return Engine.builder(Path.of("nowhere"))
                .storage(storage)
                .meter(meter)
                .fsync(strategy)
                .set("wal.segment.bytes", "64KiB");
    }

    @Test
    void everyMetricThatIsDefinedIsFed() {
        try (Wal wal = engine(NEVER)
                .codec("half", new Half(200))
                .set("wal.append.sample", "1")
                .open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(bytes("key"), new byte[4000]);
            }
            wal.sync();
            assertThrows(RuntimeException.class, () -> wal.append(new byte[2 << 20], new byte[0]));
            wal.checkpoints().save("consumer", wal.end());
            Logs.keys(wal);
            wal.deleteSegmentsBefore(wal.segments().get(1).start());
        }
        assertEquals(List.of(), RecordingMeter.unfed(meter));
    }

    @Test
    void aMetricIsNamedAndDescribedAsTheFieldDoes() {
        for (Metric metric : Metrics.ALL) {
            assertTrue(metric.name().matches("wal(\\.[a-z_]+)+"), metric.name());
            assertTrue(metric.unit().matches("s|By|\\{[a-z]+}"), metric.unit());
            assertTrue(metric.description().matches("[A-Z0].*[^.]"), metric.description());
        }
        assertEquals(
                Metrics.ALL.size(),
                Metrics.ALL.stream().map(Metric::name).distinct().count());
    }

    @Test
    void onlyWhatIsOfACodecIsToldByCodec() {
        assertEquals(
                List.of(Metrics.COMPRESSION_IN, Metrics.COMPRESSION_OUT, Metrics.COMPRESSION_TIME),
                Metrics.ALL.stream()
                        .filter(metric -> metric.attributes().contains(Metrics.CODEC))
                        .toList());
    }

    @Test
    void recordsAndBytesAreToldApartByTheirKind() {
        try (Wal wal = engine(NEVER).open()) {
            wal.append(put("a", "1"));
            wal.append(WalRecord.delete(bytes("a")));
            wal.appendBatch(List.of(put("b", "1"), WalRecord.delete(bytes("b")), put("c", "1")));
            assertEquals(Map.of("put", 3L, "delete", 2L), meter.byAttribute(Metrics.RECORDS_APPENDED));
            assertEquals(5, meter.value(Metrics.RECORDS_APPENDED));
            assertEquals(1, meter.value(Metrics.BATCHES));
            Map<String, Long> bytes = meter.byAttribute(Metrics.BYTES_APPENDED);
            assertEquals(List.of("control", "delete", "put"), List.copyOf(bytes.keySet()));
            assertEquals(meter.value(Metrics.UNSYNCED_BYTES), meter.value(Metrics.BYTES_APPENDED));
            assertEquals(0, bytes.get("put") % 3, "three puts of the same size");
            assertEquals(0, bytes.get("delete") % 2);
            assertTrue(bytes.values().stream().allMatch(each -> each > 0), bytes.toString());
            assertEquals(bytes.get("put") / 3, meter.value(Metrics.GREATEST_RECORD));
            wal.append(bytes("k"), new byte[1000]);
            long greatest = meter.byAttribute(Metrics.BYTES_APPENDED).get("put") - bytes.get("put");
            wal.append(put("a", "1"));
            assertEquals(greatest, meter.value(Metrics.GREATEST_RECORD));
        }
    }

    @Test
    void failuresAreToldApartByTheirReason() {
        try (Wal wal = engine(NEVER)
                .set("wal.record.max.key.bytes", "10")
                .set("wal.unsynced.max.bytes", "4096")
                .open()) {
            assertThrows(RuntimeException.class, () -> wal.append(new byte[11], new byte[0]));
            assertThrows(RuntimeException.class, () -> wal.append(put("k", "v").withCodec("nothing")));
            assertThrows(NullPointerException.class, () -> wal.append(bytes("k"), null));
            wal.append(bytes("k"), new byte[3900]);
            assertInstanceOf(
                    BackPressureException.class,
                    assertThrows(
                                    Exception.class,
                                    () -> wal.appendAsync(WalRecord.put(bytes("k"), new byte[3900]))
                                            .get())
                            .getCause());
            assertEquals(
                    Map.of("record_too_large", 1L, "unknown_codec", 1L, "other", 1L, "back_pressure", 1L),
                    meter.byAttribute(Metrics.APPEND_FAILURES));
            assertEquals(1, meter.value(Metrics.BACK_PRESSURE_WAITS));
        }
    }

    @Test
    void anAsynchronousAppendWhoseForceFailsIsAFailureToo() {
        Wal wal = engine(NEVER).executor(Runnable::run).open();
        wal.append(put("a", "1"));
        storage.hook = (operation, file) -> {
            if (operation.equals("force")) {
                throw new IOException("Input/output error");
            }
        };
        assertThrows(Exception.class, () -> wal.appendAsync(put("b", "2")).get());
        assertEquals(Map.of("failed", 1L), meter.byAttribute(Metrics.APPEND_FAILURES));
        assertEquals(1, meter.value(Metrics.STATE));
        assertThrows(WalFailedException.class, wal::close);
        assertEquals(1, meter.events(WalEvent.Failed.class).size(), "told once, and before the end");
    }

    @Test
    void whatIsNotForcedHasAnAge() {
        try (Wal wal = engine(NEVER).open()) {
            assertEquals(0, meter.value(Metrics.UNSYNCED_AGE));
            wal.append(put("a", "1"));
            long before = System.nanoTime();
            long first = meter.value(Metrics.UNSYNCED_AGE);
            wal.append(put("b", "2"));
            long later = meter.value(Metrics.UNSYNCED_AGE);
            assertTrue(first >= 0 && later >= first && later <= System.nanoTime() - before + first, "the first counts");
            wal.sync();
            assertEquals(0, meter.value(Metrics.UNSYNCED_AGE));
        }
    }

    @Test
    void aForceTellsHowManyRecordsAndBytesSharedIt() {
        try (Wal wal = engine(NEVER).open()) {
            for (int group : new int[] {1, 5, 3}) {
                for (int i = 0; i < group; i++) {
                    wal.append(put("k", "v"));
                }
                wal.sync();
            }
        }
        assertEquals(List.of(1L, 5L, 3L), meter.recorded(Metrics.COMMIT_GROUP));
        assertEquals(3, meter.recorded(Metrics.FSYNC_DURATION).size());
        assertEquals(
                meter.value(Metrics.BYTES_APPENDED),
                meter.recorded(Metrics.FSYNC_BYTES).stream()
                        .mapToLong(each -> each)
                        .sum());
    }

    @Test
    void compressionIsToldByCodec() {
        Half half = new Half(200);
        long start = System.nanoTime();
        try (Wal wal = engine(NEVER)
                .codec("half", half)
                .alsoCodec("other", new Half(201))
                .open()) {
            for (int i = 0; i < 20; i++) {
                wal.append(bytes("k"), new byte[100]);
            }
            wal.append(put("k", "not compressed").withCodec("none"));
            wal.append(put("k", "1234").withCodec("other"));
            assertEquals(Map.of("half", 2000L, "other", 4L), meter.byAttribute(Metrics.COMPRESSION_IN));
            assertEquals(Map.of("half", 1000L, "other", 2L), meter.byAttribute(Metrics.COMPRESSION_OUT));
            assertEquals(
                    List.of("half", "other"),
                    List.copyOf(meter.byAttribute(Metrics.COMPRESSION_TIME).keySet()));
            long estimate = meter.byAttribute(Metrics.COMPRESSION_TIME).get("half");
            assertTrue(estimate >= 16 * half.first.get(), "the time of the first value, for sixteen: " + estimate);
            assertTrue(estimate <= 16 * (System.nanoTime() - start), "no more than what passed: " + estimate);
        }
    }

    @Test
    void readersTellWhatTheyRead() {
        try (Wal wal = engine(NEVER).open()) {
            for (int i = 0; i < 3000; i++) {
                wal.append(bytes("k"), new byte[100]);
            }
            assertEquals(3000, Logs.keys(wal).size());
            assertEquals(3000, meter.value(Metrics.RECORDS_READ));
            assertEquals(
                    meter.byAttribute(Metrics.BYTES_APPENDED).get("put"),
                    meter.value(Metrics.BYTES_READ),
                    "those of the records");
        }
    }

    @Test
    void readsThatFailAreCounted() {
        try (Wal wal = engine(NEVER).open()) {
            Position small = wal.append(put("k", "v"));
            Position streamed = wal.append(bytes("k"), new ByteArrayInputStream(new byte[3 << 20]), 3 << 20);
            try (WalReader reader = wal.read(streamed)) {
                assertTrue(reader.next());
                storage.hook = (operation, file) -> {
                    if (operation.equals("read")) {
                        throw new IOException("Input/output error");
                    }
                };
                assertReadFails(1, () -> Logs.keys(wal));
                assertReadFails(2, () -> wal.positionOf(1));
                assertReadFails(3, reader.valueStream()::read);
                storage.hook = (operation, file) -> {
                    if (operation.equals("openReadOnly")) {
                        throw new IOException("Too many open files");
                    }
                };
                assertReadFails(4, () -> wal.read(small).next());
            }
            storage.hook = (operation, file) -> {};
            assertEquals(2, Logs.entries(wal).size());
            assertEquals(4, meter.value(Metrics.READ_FAILURES));
            assertEquals(0, meter.value(Metrics.CORRUPTIONS));
        }
    }

    private void assertReadFails(int count, Executable read) {
        assertEquals(
                WalException.Reason.IO, assertThrows(WalException.class, read).reason());
        assertEquals(count, meter.value(Metrics.READ_FAILURES));
    }

    @Test
    void damageThatAReaderMeetsIsCountedAndTold() throws IOException {
        try (Wal wal = engine(ALWAYS).open()) {
            Position damaged = wal.append(bytes("k"), new byte[100]);
            wal.append(put("k", "v"));
            try (StorageFile file = disk.open("0000000001.wal")) {
                file.write(ByteBuffer.wrap(new byte[] {1}), damaged.offset() + 60);
            }
            assertThrows(WalCorruptException.class, () -> Logs.keys(wal));
            assertEquals(1, meter.value(Metrics.CORRUPTIONS));
        }
        WalEvent.Corrupted told = meter.events(WalEvent.Corrupted.class).get(0);
        assertEquals("0000000001.wal", told.file());
        assertTrue(told.problem().contains("checksum"), told.problem());
    }

    @Test
    void damageThatALookUpMeetsIsCountedAndToldToo() throws IOException {
        try (Wal wal = engine(ALWAYS).open()) {
            Position damaged = wal.append(bytes("k"), new byte[100]);
            wal.append(put("k", "v"));
            try (StorageFile file = disk.open("0000000001.wal")) {
                file.write(ByteBuffer.wrap(new byte[] {1}), damaged.offset() + 60);
            }
            assertThrows(WalCorruptException.class, () -> wal.positionOf(2));
            assertEquals(1, meter.value(Metrics.CORRUPTIONS));
        }
        assertEquals(1, meter.events(WalEvent.Corrupted.class).size());
    }

    @Test
    void aLogThatIsNotOpenedForDamageTellsThatAndThenTheEnd() throws IOException {
        Path live = temporary.resolve("live");
        Path killed = temporary.resolve("killed");
        Position damaged;
        try (Wal wal = files(live).meter(new RecordingMeter()).open()) {
            damaged = wal.append(bytes("k"), Logs.random(100, 1));
            wal.append(put("k", "v"));
            wal.sync();
            Logs.copyDrained(wal, live, killed);
        }
        damage(killed, damaged);
        WalCorruptException refused = assertThrows(
                WalCorruptException.class, () -> files(killed).open().close());
        assertTrue(meter.closed);
        assertEquals(1, meter.events.size(), meter.events::toString);
        WalEvent.Corrupted told = meter.events(WalEvent.Corrupted.class).get(0);
        assertEquals(refused.getMessage(), told.problem());
        assertEquals("0000000001.wal", told.file());
        assertEquals(damaged, told.position());

        RecordingMeter another = new RecordingMeter();
        assertThrows(
                WalCorruptException.class,
                () -> files(killed).meter(another).build().openReadOnly().close());
        assertEquals(List.of(), another.events, "who looks at a log is told by what is thrown");
    }

    @Test
    void whatIsCutOffByOpeningIsToldWithItsBytes() throws IOException {
        Path live = temporary.resolve("live");
        Path killed = temporary.resolve("killed");
        Position torn;
        try (Wal wal = files(live).open()) {
            wal.append(put("a", "1"));
            torn = wal.append(bytes("b"), Logs.random(100, 1));
            Logs.copyDrained(wal, live, killed);
        }
        damage(killed, torn);
        try (Wal wal = files(killed).open()) {
            assertEquals(wal.recovery().bytesTruncated(), meter.value(Metrics.RECOVERY_TRUNCATED));
            assertTrue(meter.value(Metrics.RECOVERY_TRUNCATED) >= 100);
        }
        WalEvent.Truncated told = meter.events(WalEvent.Truncated.class).get(0);
        assertEquals(torn, told.position());
        assertTrue(told.truncation().bytes() >= 100);
    }

    private static void damage(Path directory, Position record) throws IOException {
        Path segment = directory.resolve("0000000001.wal");
        byte[] content = Files.readAllBytes(segment);
        content[(int) record.offset() + 60] ^= 1;
        Files.write(segment, content);
    }

    private EngineBuilder files(Path directory) {
        return Engine.builder(directory).meter(meter).fsync(NEVER);
    }

    @Test
    void whatIsDeletedAtEitherEndIsTold() {
        try (Wal wal = engine(NEVER).open()) {
            for (int i = 0; i < 50; i++) {
                wal.append(bytes("k"), new byte[4000]);
            }
            Position middle = wal.segments().get(2).start();
            assertEquals(2, wal.deleteSegmentsBefore(middle));
            Position kept = Logs.entries(wal).get(0).position();
            wal.truncateAfter(kept);
            assertEquals(2, meter.value(Metrics.SEGMENTS_DELETED));
        }
        assertEquals(1, meter.recorded(Metrics.DELETION_DURATION).size());
        assertTrue(meter.recorded(Metrics.DELETION_DURATION).get(0) > 0);
        WalEvent.SegmentsDeleted deleted =
                meter.events(WalEvent.SegmentsDeleted.class).get(0);
        assertEquals(2, deleted.segments());
        assertTrue(deleted.bytes() > 100_000, deleted.toString());
        WalEvent.SuffixRemoved removed =
                meter.events(WalEvent.SuffixRemoved.class).get(0);
        assertTrue(removed.segments() >= 1, removed.toString());
    }

    @Test
    void preparingSpaceIsTimed() {
        try (Wal wal = engine(NEVER).open()) {
            wal.append(put("first", "needs a segment"));
        }
        List<Long> took = meter.recorded(Metrics.SPACE_DURATION);
        assertTrue(!took.isEmpty() && took.stream().allMatch(nanos -> nanos > 0), took.toString());
    }

    @Test
    void openingTellsWhatItFound() {
        try (Wal wal = engine(NEVER).open()) {
            wal.append(put("a", "1"));
            wal.append(put("b", "2"));
        }
        try (Wal again = engine(NEVER).open()) {
            assertEquals(2, meter.value(Metrics.RECOVERY_RECORDS));
            assertEquals(0, meter.value(Metrics.RECOVERY_TRUNCATED));
            assertEquals(again.recovery().bytesScanned(), meter.value(Metrics.RECOVERY_SCANNED));
        }
        assertEquals(2, meter.recorded(Metrics.RECOVERY_DURATION).size());
    }

    @Test
    void appendsAreTimedOnlyIfThatIsAskedFor() {
        try (Wal wal = engine(NEVER).open()) {
            wal.append(put("a", "1"));
        }
        assertEquals(List.of(), meter.recorded(Metrics.APPEND_DURATION));
        try (Wal wal = engine(NEVER).set("wal.append.sample", "10").open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(put("a", "1"));
            }
        }
        assertEquals(10, meter.recorded(Metrics.APPEND_DURATION).size());
    }

    @Test
    void appendsThatWaitForSpaceAreStalls() {
        try (Wal wal = engine(NEVER).open()) {
            wal.append(put("first", "needs a segment"));
        }
        WalEvent.Stalled stalled = meter.events(WalEvent.Stalled.class).get(0);
        assertEquals(WalEvent.Stalled.Cause.SPACE, stalled.cause());
        assertEquals(1, stalled.appends());
    }

    @Test
    void eventsComeInOrderAndAllBeforeTheEnd() {
        try (Wal wal = engine(ALWAYS).open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(bytes("k"), new byte[4000]);
            }
        }
        assertTrue(meter.closed);
        assertInstanceOf(WalEvent.Recovered.class, meter.events.get(0));
        List<Position> forced = meter.events(WalEvent.Fsynced.class).stream()
                .map(WalEvent.Fsynced::position)
                .toList();
        assertEquals(forced.stream().sorted().toList(), forced);
        assertTrue(forced.size() >= 100, "every force of 100 appends was told: " + forced.size());
        List<Long> left = meter.events(WalEvent.SegmentRolled.class).stream()
                .map(WalEvent.SegmentRolled::segment)
                .toList();
        assertEquals(left.stream().sorted().toList(), left);
        assertEquals(
                meter.recorded(Metrics.ROTATION_DURATION),
                meter.events(WalEvent.SegmentRolled.class).stream()
                        .map(rolled -> rolled.duration().toNanos())
                        .toList());
    }

    @Test
    void nothingIsToldOnAThreadThatAppendsOrForces() {
        List<Thread> told = new ArrayList<>();
        RecordingMeter inner = meter;
        Meter watching = source -> {
            inner.attach(source);
            return new Meter.Instruments() {
                @Override
                public void record(Metric metric, long value) {
                    told.add(Thread.currentThread());
                }

                @Override
                public void event(WalEvent event) {
                    told.add(Thread.currentThread());
                }

                @Override
                public void close() {}
            };
        };
        try (Wal wal = engine(ALWAYS).meter(watching).open()) {
            for (int i = 0; i < 50; i++) {
                wal.append(bytes("k"), new byte[4000]);
            }
        }
        assertTrue(told.size() > 50);
        assertTrue(told.stream().noneMatch(thread -> thread == Thread.currentThread()));
    }

    @Test
    void aMeterThatBlocksHoldsNothingUpAndWhatItMissesIsCounted() {
        CountDownLatch never = new CountDownLatch(1);
        Stuck stuck = new Stuck(never);
        Wal wal = engine(ALWAYS).meter(stuck).open();
        for (int i = 0; i < 6000; i++) {
            wal.append(put("k" + i, "v"));
        }
        assertEquals(6000, Logs.keys(wal).size());
        assertNotEquals(0, stuck.source.value(Metrics.SIGNALS_DROPPED));
        wal.close();
        try (Wal again = engine(ALWAYS).open()) {
            assertTrue(again.recovery().clean());
            assertEquals(6000, Logs.keys(again).size());
        }
        never.countDown();
    }

    /** Takes the first signal and never returns. */
    private static final class Stuck implements Meter, Meter.Instruments {
        private final CountDownLatch never;
        private volatile MetricSource source;

        private Stuck(CountDownLatch never) {
            this.never = never;
        }

        @Override
        public Instruments attach(MetricSource attached) {
            source = attached;
            return this;
        }

        private void block() {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void record(Metric metric, long value) {
            block();
        }

        @Override
        public void event(WalEvent event) {
            block();
        }

        @Override
        public void close() {}
    }

    /** Keeps every other byte: good for zeros. */
    private record Half(int id, AtomicLong first) implements Codec {
        private Half(int id) {
            this(id, new AtomicLong());
        }

        @Override
        public int maxCompressedBytes(int plainBytes) {
            return plainBytes;
        }

        @Override
        public void compress(ByteBuffer plain, ByteBuffer target) {
            long start = System.nanoTime();
            target.put(new byte[plain.remaining() / 2]);
            plain.position(plain.limit());
            long end = System.nanoTime();
            while (end == start) {
                end = System.nanoTime();
            }
            first.compareAndSet(0, end - start);
        }

        @Override
        public void decompress(ByteBuffer compressed, ByteBuffer target) {
            target.put(new byte[target.remaining()]);
            compressed.position(compressed.limit());
        }
    }
}
