package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code Future.cancel(true)} in the middle of every public call, while others append. */
class CancelTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"always,mapped", "always,channel", "batch,mapped", "os,channel"})
    void cancelledTasksHarmNeitherTheLogNorOthers(String fsync, String io) throws Exception {
        long seed = Long.getLong("walnut.seed", new Random().nextLong());
        System.out.println("CancelTest -Dwalnut.seed=" + seed);
        Random random = new Random(seed);
        WalConfig config = WalConfig.builder(directory)
                .fsync(fsync)
                .io(io)
                .segmentBytes(64 << 10)
                .build();
        AtomicLong appended = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (Wal wal = Wal.open(config)) {
            List<Runnable> calls = List.of(
                    () -> {
                        wal.append(bytes("a"), new byte[700]);
                        appended.incrementAndGet();
                    },
                    () -> {
                        wal.appendBatch(List.of(put("b", "1"), put("b", "2")));
                        appended.addAndGet(2);
                    },
                    () -> {
                        wal.appendAsync(put("c", "1"));
                        appended.incrementAndGet();
                    },
                    wal::sync,
                    wal::segments,
                    () -> wal.deleteSegmentsBefore(wal.start()),
                    () -> {
                        try (WalReader reader = wal.read(Position.START)) {
                            while (reader.next()) {
                                reader.value();
                            }
                        }
                    },
                    () -> {
                        try (WalReader reader = wal.read(wal.end())) {
                            reader.next(Duration.ofMillis(1));
                        }
                    });
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                Runnable call = calls.get(random.nextInt(calls.size()));
                tasks.add(pool.submit(() -> {
                    for (int n = 0; n < 5; n++) {
                        call.run();
                    }
                }));
                if (random.nextBoolean()) {
                    tasks.get(random.nextInt(tasks.size())).cancel(true);
                }
            }
            pool.shutdown();
            assertTrue(pool.awaitTermination(120, TimeUnit.SECONDS));
            for (Future<?> task : tasks) {
                if (!task.isCancelled()) {
                    task.get();
                }
            }
            assertEquals(WalState.OPEN, wal.state());
            wal.sync();
            assertEquals(appended.get(), Logs.entries(wal).size());
        }
        try (Wal wal = Wal.open(config)) {
            assertTrue(wal.recovery().clean());
            assertEquals(appended.get(), Logs.entries(wal).size());
        }
    }
}
