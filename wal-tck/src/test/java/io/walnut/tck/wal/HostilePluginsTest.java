package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalRecord;
import io.walnut.engine.Engine;
import io.walnut.engine.EngineBuilder;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Codec;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.WalEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts that throw, that are slow, and that come back to the log: none of them changes what the log holds. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePluginsTest {
    private final MemoryStorage storage = new MemoryStorage("memory");
    private final ReferenceLog reference = new ReferenceLog();

    private static WalRecord record(int number) {
        return WalRecord.put(("key-" + number).getBytes(StandardCharsets.UTF_8), new byte[2_000]);
    }

    private EngineBuilder engine() {
        return Engine.builder(Path.of("nowhere"))
                .set("wal.segment.bytes", "64KiB")
                .storage(storage);
    }

    private void checkAfter(Wal wal) {
        wal.close();
        try (Wal again = engine().open()) {
            reference.check(Session.entries(again), ReferenceLog.End.CLOSED);
            assertTrue(again.recovery().clean());
        }
    }

    @Test
    void aMeterThatThrowsChangesNothing() {
        Wal wal = new ShadowedWal(
                engine().meter(new Listening(event -> {
                            throw new IllegalStateException("thrown by " + event);
                        }))
                        .open(),
                reference);
        for (int i = 0; i < 200; i++) {
            wal.append(record(i));
        }
        wal.sync();
        checkAfter(wal);
    }

    @Test
    void aMeterThatDoesNotEvenAttachChangesNothing() {
        Wal wal = new ShadowedWal(
                engine().meter(source -> {
                            throw new IllegalStateException("no metering today");
                        })
                        .open(),
                reference);
        wal.append(record(0));
        checkAfter(wal);
    }

    @Test
    void aMeterThatComesBackToTheLogDoesNotBlockIt() throws Exception {
        AtomicReference<Wal> log = new AtomicReference<>();
        AtomicInteger more = new AtomicInteger();
        CountDownLatch cameBack = new CountDownLatch(5);
        Wal wal = new ShadowedWal(
                engine().meter(new Listening(event -> {
                            Wal itself = log.get();
                            if (event instanceof WalEvent.SegmentRolled && itself != null && more.get() < 5) {
                                itself.append(record(10_000 + more.incrementAndGet()));
                                itself.appendAsync(record(20_000 + more.get())).join();
                                cameBack.countDown();
                            }
                        }))
                        .open(),
                reference);
        log.set(wal);
        for (int i = 0; i < 1_000; i++) {
            wal.append(record(i));
        }
        assertTrue(cameBack.await(50, TimeUnit.SECONDS), "the meter never came back");
        checkAfter(wal);
    }

    @Test
    void aSlowMeterDoesNotHoldUpAppends() throws Exception {
        CountDownLatch appended = new CountDownLatch(1);
        Wal wal = new ShadowedWal(
                engine().fsync((pending, append) -> FsyncStrategy.NOT_BY_ITSELF)
                        .meter(new Listening(event -> {
                            if (event instanceof WalEvent.SegmentRolled) {
                                await(appended);
                            }
                        }))
                        .open(),
                reference);
        for (int i = 0; i < 100; i++) {
            wal.append(record(i));
        }
        appended.countDown();
        checkAfter(wal);
    }

    @Test
    void aMeterIsToldOfEverySegmentThatIsLeft() throws Exception {
        List<WalEvent.SegmentRolled> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(3);
        Wal wal = new ShadowedWal(
                engine().meter(new Listening(event -> {
                            if (event instanceof WalEvent.SegmentRolled rolled) {
                                told.add(rolled);
                                all.countDown();
                            }
                        }))
                        .open(),
                reference);
        for (int i = 0; wal.segments().size() < 4; i++) {
            wal.append(record(i));
        }
        assertTrue(all.await(50, TimeUnit.SECONDS), "a meter was not told that a segment was left");
        for (int i = 0; i < 3; i++) {
            SegmentInfo left = wal.segments().get(i);
            assertEquals(left.number(), told.get(i).segment());
            assertEquals(left.bytes(), told.get(i).bytes());
            assertEquals(wal.segments().get(i + 1).start(), told.get(i).position());
        }
        checkAfter(wal);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(50, TimeUnit.SECONDS), "appends waited for the meter");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStrategyThatThrowsLeavesALogThatOpens() {
        AtomicInteger asked = new AtomicInteger();
        Wal wal = engine().fsync((pending, append) -> {
                    if (asked.incrementAndGet() % 3 == 0) {
                        throw new IllegalStateException("cannot decide");
                    }
                    return FsyncStrategy.NOW;
                })
                .open();
        Wal shadowed = new ShadowedWal(wal, reference);
        int failed = 0;
        for (int i = 0; i < 30; i++) {
            try {
                shadowed.append(record(i));
            } catch (WalException told) {
                failed++;
            }
        }
        assertEquals(30, reference.size() + failed);
        try {
            shadowed.close();
        } catch (WalException afterAFailure) {
            assertTrue(failed > 0);
        }
        try (Wal again = engine().open()) {
            reference.check(Session.entries(again), ReferenceLog.End.KILLED);
        }
    }

    @Test
    void aCodecThatThrowsRejectsTheAppendAndNothingElse() {
        AtomicInteger asked = new AtomicInteger();
        Codec codec = new Codec() {
            @Override
            public int id() {
                return 222;
            }

            @Override
            public int maxCompressedBytes(int plainBytes) {
                return plainBytes;
            }

            @Override
            public void compress(ByteBuffer plain, ByteBuffer target) {
                if (asked.incrementAndGet() % 2 == 0) {
                    throw new IllegalStateException("cannot compress");
                }
                target.put(plain);
            }

            @Override
            public void decompress(ByteBuffer compressed, ByteBuffer target) {
                target.put(compressed);
            }
        };
        Wal wal = new ShadowedWal(engine().codec("hostile", codec).open(), reference);
        for (int i = 0; i < 20; i++) {
            WalRecord record = record(i);
            if (i % 2 == 1) {
                WalException refused = assertThrows(WalException.class, () -> wal.append(record));
                assertEquals(WalException.Outcome.REJECTED, refused.outcome());
                assertEquals(WalException.Reason.CODEC, refused.reason());
            } else {
                wal.append(record);
            }
        }
        assertEquals(10, reference.size());
        checkAfter(wal);
    }

    @Test
    void anExecutorThatRefusesDoesNotHurtTheLog() {
        Wal wal = engine().executor(task -> {
                    throw new RejectedExecutionException("no more work");
                })
                .open();
        for (int i = 0; i < 20; i++) {
            wal.appendAsync(record(i));
        }
        wal.sync();
        assertEquals(20, Session.entries(wal).size());
        wal.append(record(20));
        wal.close();
        try (Wal again = engine().open()) {
            assertEquals(21, Session.entries(again).size());
        }
    }

    /** Tells each event to somebody. */
    private record Listening(Consumer<WalEvent> listener) implements Meter {
        @Override
        public Instruments attach(MetricSource source) {
            return new Instruments() {
                @Override
                public void record(Metric metric, long value) {}

                @Override
                public void event(WalEvent event) {
                    listener.accept(event);
                }

                @Override
                public void close() {}
            };
        }
    }
}
