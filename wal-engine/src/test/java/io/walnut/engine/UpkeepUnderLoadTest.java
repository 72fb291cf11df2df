package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Checkpoints;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything at a time, on real threads and timers. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpkeepUnderLoadTest {
    private static final int APPENDERS = 2;
    private static final int EACH = 10_000;

    @TempDir
    Path temp;

    @Test
    void aConsumerIsNeverOvertakenAndWhatIsDeletedIsInTheArchive() throws Exception {
        WalConfig config = WalConfig.builder(temp.resolve("log"))
                .fsync("os")
                .segmentBytes(64 << 10)
                .set("wal.segment.age", "5ms")
                .set("wal.checkpoint.interval", "1ms")
                .set("wal.retention.interval", "1ms")
                .set("wal.retention.bytes", "1")
                .set("wal.archiver", "directory")
                .set("wal.archiver.directory.path", temp.resolve("archive").toString())
                .build();
        ExecutorService threads = Executors.newFixedThreadPool(APPENDERS + 1);
        try (Wal wal = Wal.open(config)) {
            wal.checkpoints().save("consumer", Position.START);
            Future<?> consumer = threads.submit(() -> consume(wal));
            List<Future<?>> appenders = new ArrayList<>();
            for (int i = 0; i < APPENDERS; i++) {
                appenders.add(threads.submit(() -> {
                    for (int j = 0; j < EACH; j++) {
                        wal.append(bytes("key"), new byte[100]);
                    }
                }));
            }
            for (Future<?> each : appenders) {
                each.get();
            }
            consumer.get();
            while (!wal.checkpoints().load(Checkpoints.ARCHIVED).equals(Optional.of(wal.end()))) {
                Thread.onSpinWait(); // the last segment is sealed when it is old, and archived then
            }
        } finally {
            threads.shutdownNow();
        }
        try (Wal wal = Wal.open(temp.resolve("log"));
                Wal archive = Wal.open(temp.resolve("archive"))) {
            assertTrue(wal.recovery().clean());
            assertEquals(wal.end(), wal.checkpoints().load("consumer").orElseThrow());
            List<Entry> archived = entries(archive);
            assertEquals(APPENDERS * EACH, archived.size());
            for (int i = 0; i < archived.size(); i++) {
                assertEquals(i + 1, archived.get(i).sequence());
            }
            for (Entry entry : entries(wal)) {
                assertEquals(archived.get((int) entry.sequence() - 1), entry);
            }
        }
    }

    /** Opens a reader again now and then, as a consumer does that dies and goes on where it was. */
    private static void consume(Wal wal) {
        long sequence = 0;
        while (sequence < APPENDERS * EACH) {
            try (WalReader reader = wal.read(wal.checkpoints().load("consumer").orElseThrow())) {
                for (int i = 0; i < 500 && sequence < APPENDERS * EACH; i++) {
                    if (reader.next(Duration.ofMinutes(1))) {
                        assertEquals(++sequence, reader.sequence());
                        wal.checkpoints().save("consumer", reader.nextPosition());
                    }
                }
            }
        }
    }
}
