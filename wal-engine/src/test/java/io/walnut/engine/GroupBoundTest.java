package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalGroup;
import io.walnut.api.WalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No more logs of a group are open than may be, but for those in use. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupBoundTest {
    @TempDir
    Path temp;

    private WalGroup open(int max) {
        return WalGroup.open(WalConfig.builder(temp)
                .fsync("os")
                .set("wal.group.open.max", "" + max)
                .set("wal.group.idle", "0s")
                .build());
    }

    @Test
    void logsThatAreUsedAtTheSameTimeDoNotExceedItTogether() throws InterruptedException {
        int max = 4;
        int threads = 32;
        try (WalGroup group = open(max)) {
            List<Thread> all = new ArrayList<>();
            CountDownLatch begin = new CountDownLatch(1);
            for (int i = 0; i < threads; i++) {
                Wal wal = group.wal("log-" + i);
                all.add(new Thread(() -> {
                    Latches.await(begin);
                    wal.append(put("a", "1"));
                }));
            }
            all.forEach(Thread::start);
            begin.countDown();
            for (Thread each : all) {
                each.join();
            }
            awaitOpen(group, max);
            for (int i = 0; i < threads; i++) {
                assertEquals(1, Logs.entries(group.wal("log-" + i)).size());
            }
        }
    }

    private static void awaitOpen(WalGroup group, int most) {
        FuturesTest.inTime(() -> {
            while (group.openLogs() > most) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void whatIsInUseMayExceedItUntilItIsNot() {
        try (WalGroup group = open(2)) {
            List<WalReader> readers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                readers.add(group.wal("log-" + i).read(Position.START));
            }
            assertEquals(5, group.openLogs());
            readers.forEach(WalReader::close);
            awaitOpen(group, 2);
        }
    }

    @Test
    void aLogThatCannotBeOpenedTakesNoPlace() throws Exception {
        Files.createDirectories(temp.resolve("broken"));
        Files.write(temp.resolve("broken/0000000001.wal"), new byte[10_000]);
        Files.write(temp.resolve("broken/STATE"), new byte[10_000]);
        try (WalGroup group = open(1)) {
            for (int i = 0; i < 3; i++) {
                assertThrows(WalException.class, () -> group.wal("broken").sync());
            }
            assertEquals(0, group.openLogs());
            group.wal("a").append(put("a", "1"));
            group.wal("b").append(put("b", "2"));
            assertEquals(1, group.openLogs());
        }
    }
}
