package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.BackPressureException;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsIngestionTest {
    private static final Instant BEGIN = Instant.parse("2024-05-06T07:08:09Z");

    @TempDir(factory = FastDirectory.class)
    Path temp;

    /** A log of a device that does what the test says. */
    private final Queue<CompletableFuture<Position>> underWay = new ArrayDeque<>();

    private final Wal slow = (Wal) Proxy.newProxyInstance(
            Wal.class.getClassLoader(), new Class<?>[] {Wal.class}, (proxy, method, arguments) -> {
                assertEquals("appendAsync", method.getName());
                underWay.add(new CompletableFuture<>());
                return underWay.peek();
            });

    @Test
    void shouldDropAndCountWhatTheDeviceCannotTakeInsteadOfWaiting() {
        MetricsIngestion ingestion = new MetricsIngestion(slow, 1);
        assertTrue(ingestion.offer("cpu", BEGIN, 1));
        assertFalse(ingestion.offer("cpu", BEGIN, 2), "no room");
        assertEquals(1, ingestion.dropped());
        assertEquals(0, ingestion.stored());

        underWay.remove().complete(Position.START);
        assertEquals(1, ingestion.stored());
        assertTrue(ingestion.offer("cpu", BEGIN, 3), "there is room again");
        underWay.remove().completeExceptionally(new BackPressureException("too much"));
        assertEquals(2, ingestion.dropped());

        assertTrue(ingestion.offer("cpu", BEGIN, 4));
        underWay.remove().completeExceptionally(new WalException(Reason.DISK_FULL, Outcome.REJECTED, "full", null));
        assertEquals(1, ingestion.failed());
        ingestion.close();
    }

    @Test
    void shouldHaveStoredWhatItSaysWhenItIsKilledUnderLoad() throws Exception {
        WalConfig config = WalConfig.builder(temp.resolve("log"))
                .set("wal.unsynced.max.bytes", "64KiB")
                .build();
        try (Wal wal = Wal.open(config)) {
            MetricsIngestion ingestion = new MetricsIngestion(wal, 10_000);
            List<CompletableFuture<Void>> sources = new ArrayList<>();
            for (int source = 0; source < 4; source++) {
                String series = "series-" + source;
                sources.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        ingestion.offer(series, BEGIN.plusSeconds(i), i);
                    }
                }));
            }
            sources.forEach(CompletableFuture::join);
            long acknowledged = ingestion.stored();
            Path killed = temp.resolve("killed");
            Lives.copy(temp.resolve("log"), killed);
            try (Wal after = Wal.open(WalConfig.builder(killed).build())) {
                assertTrue(after.recovery().records() >= acknowledged, "what was counted is there");
            }
            ingestion.close();
            System.out.println("stored " + ingestion.stored() + ", dropped " + ingestion.dropped());
            assertEquals(80_000, ingestion.stored() + ingestion.dropped());
            assertEquals(0, ingestion.failed());
        }
    }

    @Test
    void shouldSumUpATimeWithSamplesThatCameLate() {
        try (Wal wal = Wal.open(WalConfig.builder(temp).segmentBytes(64 << 10).build())) {
            Instant from = BEGIN.plusSeconds(5_000);
            Instant to = BEGIN.plusSeconds(5_100);
            try (MetricsIngestion ingestion = new MetricsIngestion(wal, 100_000)) {
                for (int i = 0; i < 10_000; i++) {
                    int late = i % 7 == 0 ? Math.max(0, i - 30) : i;
                    ingestion.offer("cpu", BEGIN.plusSeconds(late), late);
                    ingestion.offer("memory", BEGIN.plusSeconds(i), -1);
                }
            }
            assertTrue(wal.segments().size() > 5);
            MetricsIngestion queries = new MetricsIngestion(wal, 1);
            DoubleSummaryStatistics found = queries.between("cpu", from, to, Duration.ofSeconds(60));
            DoubleSummaryStatistics expected = new DoubleSummaryStatistics();
            for (int i = 0; i < 10_000; i++) {
                int late = i % 7 == 0 ? Math.max(0, i - 30) : i;
                if (late >= 5_000 && late < 5_100) {
                    expected.accept(late);
                }
            }
            assertEquals(expected.toString(), found.toString());
            assertEquals(0, queries.between("disk", from, to, Duration.ZERO).getCount());
        }
    }
}
