package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.walnut.api.Wal;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitoringTest {
    @TempDir
    Path directory;

    @BeforeEach
    @AfterEach
    void forgetTheGlobalInstance() {
        GlobalOpenTelemetry.resetForTest();
    }

    @Test
    void shouldBeSeenByPrometheusAndByACollector() throws IOException {
        InMemoryMetricExporter metrics = InMemoryMetricExporter.create();
        InMemoryLogRecordExporter events = InMemoryLogRecordExporter.create();
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        int port = freePort();
        try (OpenTelemetrySdk sdk = Monitoring.start(port, metrics, events, spans)) {
            try (Wal wal = Monitoring.open(directory, "orders")) {
                for (int i = 0; i < 10; i++) {
                    wal.append(new byte[8], new byte[100]);
                }
                String page = scrape(port);
                List<String> appended = page.lines()
                        .filter(line ->
                                line.startsWith("wal_append_records_total") && line.contains("wal_record_kind=\"put\""))
                        .toList();
                assertEquals(1, appended.size(), page);
                assertTrue(appended.get(0).contains("\"orders\""), appended.get(0));
                assertTrue(appended.get(0).endsWith("} 10.0"), appended.get(0));

                assertTrue(sdk.getSdkMeterProvider()
                        .forceFlush()
                        .join(10, TimeUnit.SECONDS)
                        .isSuccess());
                assertTrue(metrics.getFinishedMetricItems().stream()
                        .filter(metric -> metric.getName().equals("wal.append.records"))
                        .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                        .mapToLong(LongPointData::getValue)
                        .anyMatch(value -> value == 10));
            }
            assertTrue(sdk.getSdkLoggerProvider()
                    .forceFlush()
                    .join(10, TimeUnit.SECONDS)
                    .isSuccess());
            assertTrue(sdk.getSdkTracerProvider()
                    .forceFlush()
                    .join(10, TimeUnit.SECONDS)
                    .isSuccess());
            assertTrue(events.getFinishedLogRecordItems().stream()
                    .map(LogRecordData::getEventName)
                    .anyMatch("wal.recovered"::equals));
            assertFalse(spans.getFinishedSpanItems().isEmpty());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static String scrape(int port) throws IOException {
        try (InputStream page =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
