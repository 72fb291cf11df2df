package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import io.walnut.engine.Engine;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter.Instruments;
import io.walnut.spi.Metric;
import io.walnut.spi.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log, OpenTelemetry, its exporter for Prometheus, and what an operator's Prometheus gets to see over HTTP. */
class PrometheusScrapeTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    @TempDir
    Path directory;

    private Scrape prometheus;
    private OpenTelemetrySdk sdk;

    @BeforeEach
    void start() throws IOException {
        prometheus = Scrape.onFreePort();
        sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(prometheus.server())
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        sdk.close();
    }

    @Test
    void shouldShowAKnownWorkloadAsWhatItWas() throws Exception {
        Wal wal = Engine.builder(directory)
                .set("wal.name", "orders")
                .set("wal.node.id", "node-1")
                .set("wal.record.max.key.bytes", "100")
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .meter(new OpenTelemetryMeter(sdk))
                .open();
        for (int group = 0; group < 4; group++) {
            for (int i = 0; i < 25; i++) {
                wal.append(new byte[8], new byte[1000]);
            }
            wal.sync();
        }
        wal.appendBatch(List.of(WalRecord.delete(new byte[8]), WalRecord.delete(new byte[8])));
        try {
            wal.append(new byte[101], new byte[0]);
        } catch (RuntimeException expected) {
            // counted
        }

        Map<String, Double> open = prometheus.samples();
        assertEquals(100, open.get("wal_append_records_total[put]"));
        assertEquals(2, open.get("wal_append_records_total[delete]"));
        assertEquals(1, open.get("wal_append_batches_total[]"));
        assertEquals(1, open.get("wal_append_failures_total[record_too_large]"));
        assertTrue(open.get("wal_append_bytes_total[put]") > 100_000);
        assertTrue(open.get("wal_unsynced_bytes[]") > 0);
        assertTrue(open.get("wal_unsynced_age_seconds[]") > 0);
        assertEquals(wal.segments().size(), open.get("wal_segments[]"));
        assertEquals(0, open.get("wal_state[]"));
        assertTrue(open.get("wal_fsyncs_total[]") >= 4);

        wal.close();
        Map<String, Double> closed = prometheus.samples();
        assertEquals(5, closed.get("wal_fsync_duration_seconds_count[]"), "four times sync(), and the end");
        assertTrue(closed.get("wal_fsync_duration_seconds_sum[]") > 0);
        assertTrue(closed.get("wal_fsync_duration_seconds_sum[]") < 60, "in seconds");
        assertEquals(102, closed.get("wal_commit_group_sum[]"));
        assertEquals(5, closed.get("wal_commit_group_count[]"));
        assertEquals(1, closed.get("wal_recovery_duration_seconds_count[]"));
        assertFalse(closed.containsKey("wal_state[]"), "a closed log is not asked any more");
    }

    @Test
    void shouldCallEveryMetricAsThePageSays() throws Exception {
        Instruments instruments = new OpenTelemetryMeter(sdk).attach(new Totals("orders", "node-1"));
        Metrics.ALL.stream()
                .filter(metric -> metric.kind() == Metric.Kind.HISTOGRAM)
                .forEach(metric -> instruments.record(metric, 1));

        Set<String> names = new TreeSet<>();
        prometheus
                .samples()
                .keySet()
                .forEach(key -> names.add(key.replaceAll("\\[.*", "").replaceAll("_(sum|count)$", "")));

        Set<String> expected = new TreeSet<>();
        Matcher rows = Pattern.compile("\\| `(wal_\\w+)` \\|").matcher(Files.readString(PAGE));
        while (rows.find()) {
            expected.add(rows.group(1));
        }
        assertEquals(expected, names);
        assertEquals(Metrics.ALL.size(), names.size());
        assertTrue(names.contains("wal_fsync_duration_seconds"), names.toString());
    }
}
