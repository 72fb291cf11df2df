package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A caller appends at every depth up to where its stack ends: others go on, and so does the log. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StackEdgeTest {
    private static final int DEPTHS = 600;
    private static final long STACK_BYTES = 512 << 10;
    private static final WalRecord RECORD = WalRecord.put(new byte[10], new byte[100]);

    @TempDir
    Path temp;

    private int overflowed;
    private int acknowledged;

    /** {@return how many depths are left to try, from the deepest one on} */
    @SuppressWarnings("InfiniteRecursion") // until the stack ends
    private int dive(Runnable append) {
        int left;
        try {
            left = dive(append);
        } catch (StackOverflowError e) {
            return DEPTHS;
        }
        if (left > 0) {
            attempt(append);
        }
        return left - 1;
    }

    private void attempt(Runnable append) {
        try {
            append.run();
            acknowledged++;
        } catch (Throwable e) {
            overflowed++;
        }
    }

    static Stream<Arguments> logs() {
        Consumer<Wal> append = wal -> wal.append(RECORD);
        Consumer<Wal> async = wal -> {
            if (wal.appendAsync(RECORD).isCompletedExceptionally()) {
                throw new IllegalStateException("refused");
            }
        };
        return Stream.of(
                Arguments.of("auto", "batch", 1_000, append),
                Arguments.of("auto", "batch", 60_000, append), // compiled
                Arguments.of("auto", "always", 100, append),
                Arguments.of("channel", "batch", 5_000, append),
                Arguments.of("auto", "os", 5_000, async));
    }

    @ParameterizedTest
    @MethodSource("logs")
    void leavesTheLogAsItWas(String io, String fsync, int before, Consumer<Wal> append) throws InterruptedException {
        WalConfig config = WalConfig.builder(temp)
                .fsync(fsync)
                .set("wal.io", io)
                .segmentBytes(1 << 20) // so that segments are changed at the edge too
                .build();
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < before; i++) {
                wal.append(RECORD);
            }
            wal.sync();
            for (int round = 0; round < 2; round++) {
                Thread deep = new Thread(null, () -> dive(() -> append.accept(wal)), "deep", STACK_BYTES);
                deep.start();
                deep.join();
                FuturesTest.inTime(() -> {
                    wal.append(RECORD);
                    wal.appendAsync(RECORD).join();
                    wal.sync();
                });
                assertEquals(WalState.OPEN, wal.state());
            }
            assertTrue(overflowed > 0);
            assertTrue(acknowledged > 0);
            assertTrue(wal.nextSequence() > before + acknowledged);
            FuturesTest.inTime(wal::close);
        }
        try (Wal wal = Wal.open(config)) {
            assertTrue(wal.recovery().clean());
        }
    }
}
