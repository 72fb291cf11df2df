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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterruptTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"always,mapped", "always,channel", "os,mapped", "os,channel"})
    void interruptsNeitherHurtTheLogNorEndACall(String fsync, String io) throws Exception {
        WalConfig config = WalConfig.builder(directory)
                .fsync(fsync)
                .io(io)
                .segmentBytes(64 << 10)
                .build();
        int threads = 4;
        int each = 200;
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Wal wal = Wal.open(config)) {
            Thread[] appenders = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                appenders[t] = new Thread(() -> {
                    try (WalReader reader = wal.read(Position.START)) {
                        for (int i = 0; i < each; i++) {
                            Thread.currentThread().interrupt();
                            wal.append(bytes("key"), new byte[500]);
                            acknowledged.incrementAndGet();
                            assertTrue(Thread.currentThread().isInterrupted(), "the flag is kept");
                            assertTrue(reader.next());
                            if (i % 50 == 0) {
                                wal.sync();
                                wal.appendAsync(put("async", "")).join();
                                wal.read(Position.START).close();
                            }
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                });
                appenders[t].start();
            }
            for (Thread appender : appenders) {
                while (appender.isAlive()) {
                    appender.interrupt();
                    appender.join(1);
                }
            }
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
            assertEquals(WalState.OPEN, wal.state());
            assertEquals(threads * each, acknowledged.get());
            assertEquals(threads * (each + 4), Logs.entries(wal).size());
        }
        try (Wal wal = Wal.open(config)) {
            assertEquals(threads * (each + 4), Logs.entries(wal).size());
        }
    }

    @Test
    void openingAndClosingWithTheFlagSetWorks() {
        Thread.currentThread().interrupt();
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            wal.deleteSegmentsBefore(wal.end());
            wal.append(put("b", "2"));
        }
        try (Wal wal = Wal.open(directory)) {
            assertEquals(1, Logs.entries(wal).size());
        }
        assertTrue(Thread.interrupted());
    }
}
