package io.walnut.engine;

import static io.walnut.engine.FuturesTest.inTime;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalGroup;
import io.walnut.engine.log.Workers;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Preallocator;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** User code that waits, throws or calls back: only work for the same user code waits for it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserCodeTest {
    private static final Duration AGE = Duration.ofHours(1);

    private final MemoryStorage memory = new MemoryStorage("user code");
    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @TempDir
    Path temp;

    private void waitForEver() {
        waits.countDown();
        Latches.await(goOn);
    }

    static Stream<Executor> badExecutors() {
        return Stream.of(
                task -> {
                    throw new NoClassDefFoundError("a class of the user's");
                },
                task -> {
                    throw new StackOverflowError();
                });
    }

    private void others(Executor bad, Runnable whileBad) {
        Wal wal = Engine.builder(temp).storage(memory).open();
        Subscriber[] good = new Subscriber[8];
        for (int i = 0; i < good.length; i++) {
            boolean[] armed = new boolean[1];
            wal.publisher(Position.START, ReadOptions.DEFAULT, task -> {
                        if (armed[0]) {
                            bad.execute(task);
                        } else {
                            task.run();
                        }
                    })
                    .subscribe(new Subscriber(100));
            armed[0] = true; // what is delivered later is
            good[i] = new Subscriber(100) {
                @Override
                public void onNext(Entry entry) {
                    super.onNext(entry);
                    if (entry.sequence() == 3) {
                        end.complete(null);
                    }
                }
            };
            wal.publisher(Position.START).subscribe(good[i]);
        }
        inTime(() -> {
            for (int i = 0; i < 3; i++) {
                wal.append(put("a", "1"));
            }
            for (Subscriber each : good) {
                each.end.join();
            }
            whileBad.run();
            wal.truncateAfter(wal.start());
            wal.deleteSegmentsBefore(wal.end());
            wal.close();
        });
        goOn.countDown();
    }

    @Test
    void anExecutorThatWaitsHoldsUpNoOtherSubscriptionNorTruncationDeletionOrClosing() {
        others(task -> waitForEver(), () -> Latches.await(waits));
    }

    @ParameterizedTest
    @MethodSource("badExecutors")
    void anExecutorThatThrowsAnErrorCutsOffNoOtherSubscription(Executor bad) {
        others(bad, () -> {});
    }

    private static void fill(Wal wal) {
        for (int i = 0; i < 6; i++) {
            wal.append(Logs.bytes("key"), Logs.random(40 << 10, i)); // most of a small segment
        }
    }

    @Test
    void slowSubscribersOfOneLogStopTheUpkeepOfNoOther() {
        WalConfig config = WalConfig.builder(temp)
                .set("wal.group.threads", "1")
                .segmentBytes(64 << 10)
                .set("wal.retention.bytes", "1")
                .set("wal.retention.interval", "1ms")
                .set("wal.checkpoint.interval", "1ms")
                .set("wal.segment.age", "100ms")
                .build();
        WalGroup group = WalGroup.open(config);
        Wal slow = group.wal("slow");
        slow.append(put("a", "1"));
        slow.publisher(Position.START).subscribe(new Subscriber(1) {
            @Override
            public void onNext(Entry entry) {
                waitForEver();
            }
        });
        inTime(() -> {
            Latches.await(waits);
            Wal other = group.wal("other");
            fill(other);
            other.checkpoints().save("consumer", other.end());
            while (!Files.exists(temp.resolve("other/CHECKPOINTS"))) {
                Thread.onSpinWait();
            }
            Position end = other.end();
            while (other.start().compareTo(end) < 0) { // also what was appended to last, once that is old
                Thread.onSpinWait();
            }
            group.close();
        });
        goOn.countDown();
    }

    @Test
    void aSlowArchiverHoldsUpNeitherRotationByAgeNorClosing() {
        ManualTime time = new ManualTime();
        Workers workers = new Workers() {
            @Override
            public void execute(Runnable task) {
                time.execute(task);
            }

            @Override
            public void schedule(Runnable task, long nanos) {
                time.schedule(task, nanos);
            }

            @Override
            public long nanoTime() {
                return time.nanoTime();
            }

            @Override
            public Workers forArchivers() {
                return Workers.shared();
            }
        };
        Wal wal = Engine.builder(temp)
                .storage(memory)
                .workers(workers)
                .clock(time)
                .set("wal.segment.bytes", "64KiB")
                .set("wal.segment.age", AGE.toMinutes() + "m")
                .archiver((segment, content) -> waitForEver())
                .open();
        inTime(() -> {
            fill(wal);
            time.pass(AGE);
            Latches.await(waits);
            fill(wal);
            long last = wal.segments().get(wal.segments().size() - 1).number();
            time.pass(AGE.multipliedBy(2));
            wal.append(put("a", "1"));
            assertTrue(wal.segments().get(wal.segments().size() - 1).number() > last);
            wal.close();
        });
        goOn.countDown();
    }

    static Stream<Arguments> calls() {
        return Stream.<Consumer<Wal>>of(
                        wal -> wal.append(put("b", "2")),
                        wal -> wal.append(put("b", "2"), Durability.DEVICE),
                        wal -> wal.append(put("b", ""), Logs.counting(1 << 20), 1 << 20),
                        wal -> wal.appendBatch(List.of(put("b", "2"))),
                        wal -> wal.appendAsync(put("b", "2")).join(),
                        Wal::sync,
                        wal -> wal.truncateAfter(wal.start()),
                        wal -> wal.deleteSegmentsBefore(wal.end()),
                        wal -> wal.checkpoints().flush(),
                        Wal::close)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aPreallocatorThatCallsItsLogIsToldSo(Consumer<Wal> call) {
        Wal[] log = new Wal[1];
        Throwable[] told = new Throwable[1];
        Wal wal = Engine.builder(temp)
                .storage(memory)
                .set("wal.segment.bytes", "64KiB")
                .preallocator(new Preallocator() {
                    @Override
                    public void reserve(StorageFile file, long from, long to) throws IOException {
                        if (log[0] != null && told[0] == null) {
                            try {
                                call.accept(log[0]);
                            } catch (RuntimeException e) {
                                told[0] = e.getCause() instanceof WalException ? e.getCause() : e;
                            }
                        }
                    }

                    @Override
                    public boolean fills() {
                        return false;
                    }
                })
                .open();
        inTime(() -> {
            wal.append(put("a", "1"));
            log[0] = wal;
            fill(wal);
            assertEquals(Reason.PLUGIN, ((WalException) told[0]).reason());
            assertTrue(told[0].getMessage().contains("preallocator"), told[0].getMessage());
            assertEquals(8, wal.nextSequence());
            wal.close();
        });
        assertThrows(WalException.class, () -> wal.append(put("a", "1")));
    }
}
