package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.FileStorage;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other logs were seen to get wrong; {@code docs/rationale.md} lists the rows that other tests show. */
class ReferenceSystemsTest {
    @TempDir
    Path directory;

    private WalConfig small(String fsync) {
        return WalConfig.builder(directory).fsync(fsync).segmentBytes(64 << 10).build();
    }

    @Test
    void eightAppendersAtRotationMakeNoMoreSegmentsThanOne() throws Exception {
        int expected;
        try (Wal wal = Engine.builder(Path.of("one"))
                .storage(new MemoryStorage("one"))
                .set("wal.segment.bytes", "64KiB")
                .open()) {
            for (int i = 0; i < 4000; i++) {
                wal.append(new byte[10], new byte[1000]);
            }
            expected = wal.segments().size();
        }
        try (Wal wal = Wal.open(small("batch"))) {
            inParallel(8, thread -> {
                for (int i = 0; i < 500; i++) {
                    wal.append(new byte[10], new byte[1000]);
                }
            });
            assertEquals(4000, entries(wal).size());
            assertTrue(
                    Math.abs(wal.segments().size() - expected) <= 1,
                    wal.segments().size() + " segments, expected " + expected);
        }
    }

    @Test
    @Timeout(60)
    void theFirstAppendsToANewLogNeitherHangNorLoseAnything() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path fresh = directory.resolve("round" + round);
            WalConfig config = WalConfig.builder(fresh).fsync("always").build();
            Set<Position> acknowledged = Collections.synchronizedSet(new TreeSet<>());
            try (Wal wal = Wal.open(config)) {
                inParallel(4, thread -> acknowledged.add(wal.append(put("k" + thread, "v"))));
            }
            try (Wal wal = Wal.open(config)) {
                assertEquals(
                        acknowledged,
                        new TreeSet<>(entries(wal).stream().map(Entry::position).toList()));
            }
        }
    }

    @Test
    void aReaderGoesOnBehindTheEndOfItsSegmentAndReadsLargeValuesAndLaterAppends() {
        try (Wal wal = Wal.open(small("os"));
                WalReader reader = wal.read(Position.START)) {
            for (int i = 0; i < 20; i++) {
                byte[] value = Logs.random(128 << 10, i);
                wal.append(bytes("key"), value);
                assertTrue(reader.next());
                assertEquals(ByteBuffer.wrap(value), reader.value());
            }
        }
    }

    @Test
    void readingBackOnesOwnAppendAlwaysWorks() throws Exception {
        try (Wal wal = Wal.open(small("os"))) {
            inParallel(4, thread -> {
                for (int i = 0; i < 500; i++) {
                    byte[] value = Logs.random(i, thread * 1000L + i);
                    Position position = wal.append(bytes("key" + thread), value);
                    try (WalReader reader = wal.read(position)) {
                        assertTrue(reader.next());
                        assertArrayEquals(value, reader.record().valueBytes());
                    }
                }
            });
        }
    }

    @Test
    void damageInAMiddleSegmentIsNoHoleInHistory() throws IOException {
        try (Wal wal = Wal.open(small("os"))) {
            for (int i = 0; i < 500; i++) {
                wal.append(bytes("key"), new byte[1000]);
            }
        }
        Path middle = Logs.segmentFiles(directory).get(3);
        byte[] content = Files.readAllBytes(middle);
        content[20_000] ^= 1;
        Files.write(middle, content);
        try (Wal wal = Wal.open(small("os"));
                WalReader reader = wal.read(Position.START)) {
            long last = 0;
            WalCorruptException found = null;
            while (found == null) {
                try {
                    assertTrue(reader.next());
                    assertEquals(++last, reader.sequence());
                } catch (WalCorruptException e) {
                    found = e;
                }
            }
            assertEquals(middle.getFileName().toString(), found.file().orElseThrow());
        }
        assertArrayEquals(content, Files.readAllBytes(middle), "and nothing is cut off");
    }

    @Test
    void aBatchOfAThousandRecordsCostsOneForceAndReadingThemFewReads() {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        try (Wal wal = Engine.builder(Path.of("unused"))
                .storage(storage)
                .fsync((pending, own) -> FsyncStrategy.NOW)
                .open()) {
            wal.append(put("first", ""));
            storage.trace.clear();
            wal.appendBatch(Collections.nCopies(1000, WalRecord.put(new byte[10], new byte[100])));
            assertEquals(1, storage.count("force"));
            storage.trace.clear();
            assertEquals(1001, entries(wal).size());
            assertTrue(storage.count("read") <= 3, storage.trace.toString());
        }
    }

    @Test
    void theDirectoryIsForcedBeforeTheFirstAcknowledgementAndContentBeforeARename() {
        WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
        try (Wal wal = Engine.builder(directory)
                .storage(storage)
                .fsync((pending, own) -> FsyncStrategy.NOW)
                .open()) {
            wal.append(put("a", "1"));
            List<String> trace = new ArrayList<>(storage.trace);
            for (String[] renamed : new String[][] {{"STATE.new", "STATE"}, {"0000000001.spare", "0000000001.wal"}}) {
                int forced = trace.indexOf("force " + renamed[0]);
                int rename = trace.indexOf("rename " + renamed[1]);
                assertTrue(forced >= 0 && forced < rename, trace.toString());
                assertTrue(trace.subList(rename, trace.size()).contains("forceDirectory "), trace.toString());
            }
            int named = trace.lastIndexOf("forceDirectory ");
            assertTrue(named < trace.lastIndexOf("force 0000000001.wal"), trace.toString());
        }
    }

    @Test
    void aHostileLengthReservesNoMemory() throws IOException {
        Path killed = directory.resolve("killed");
        Path live = directory.resolve("live");
        try (Wal wal = Wal.open(WalConfig.builder(live).fsync("os").build())) {
            wal.append(put("a", "1"));
            wal.append(put("b", "2"));
            Logs.copyDrained(wal, live, killed);
        }
        Path segment = Logs.segmentFiles(killed).get(0);
        byte[] content = Files.readAllBytes(segment);
        ByteBuffer frames = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int first = 4096 + 56;
        int second = first + (frames.getInt(first) + 7 & ~7);
        for (int length : new int[] {0x7FFFFFFF, -1, 15, 0, 1 << 30}) {
            frames.putInt(second, length);
            Files.write(segment, content);
            Path each = Logs.copy(killed, directory.resolve("length" + length));
            try (Wal wal = Wal.open(each)) {
                assertEquals(1, entries(wal).size(), "the length is not believed");
            }
        }
    }

    @Test
    void aHalfWrittenHeaderIsRefusedByWriterAndReaderAlike() throws IOException {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
        }
        Path segment = Logs.segmentFiles(directory).get(0);
        byte[] content = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(content, 2000));
        assertThrows(WalCorruptException.class, () -> Wal.open(directory));
        assertThrows(
                WalCorruptException.class,
                () -> Wal.openReadOnly(WalConfig.builder(directory).build()));
    }

    @Test
    void everyCounterCounts() {
        AtomicReference<MetricSource> source = new AtomicReference<>();
        Meter meter = attached -> {
            source.set(attached);
            return new Silent();
        };
        try (Wal wal = Engine.builder(directory)
                .meter(meter)
                .set("wal.segment.bytes", "64KiB")
                .set("wal.record.max.key.bytes", "100")
                .open()) {
            for (int i = 0; i < 200; i++) {
                wal.append(new byte[10], new byte[1000]);
            }
            assertThrows(RuntimeException.class, () -> wal.append(new byte[101], new byte[0]));
            wal.sync();
            MetricSource metrics = source.get();
            assertEquals(200, metrics.value(Metrics.RECORDS_APPENDED));
            assertTrue(metrics.value(Metrics.BYTES_APPENDED) > 200_000);
            assertEquals(1, metrics.value(Metrics.APPEND_FAILURES));
            assertTrue(metrics.value(Metrics.FSYNCS) > 0);
            assertEquals(0, metrics.value(Metrics.UNSYNCED_BYTES));
            assertEquals(wal.segments().size(), metrics.value(Metrics.SEGMENTS));
            assertEquals(wal.segments().size(), metrics.value(Metrics.SEGMENTS_STARTED));
            assertTrue(metrics.value(Metrics.SEGMENT_BYTES) > 200_000);
            assertTrue(metrics.value(Metrics.SPACE_MISSES) >= 1);
            WalReader open = wal.read(Position.START);
            assertEquals(1, metrics.value(Metrics.READERS_OPEN));
            open.close();
            assertEquals(0, metrics.value(Metrics.READERS_OPEN));
            int deleted = wal.deleteSegmentsBefore(wal.end());
            assertEquals(deleted, metrics.value(Metrics.SEGMENTS_DELETED));
            assertEquals(0, metrics.value(Metrics.STATE));
        }
        assertEquals(2, source.get().value(Metrics.STATE));
    }

    private static final class Silent implements Meter.Instruments {
        @Override
        public void record(Metric metric, long value) {}

        @Override
        public void event(WalEvent event) {}

        @Override
        public void close() {}
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inParallel(int count, Work work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    work.run(number);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }
}
