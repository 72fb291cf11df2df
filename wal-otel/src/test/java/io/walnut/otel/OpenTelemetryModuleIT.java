package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metrics;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The packaged jar as a named module. */
class OpenTelemetryModuleIT {
    @Test
    void shouldBeFoundAndReportAsANamedModule() {
        Module module = OpenTelemetryMeterProvider.class.getModule();
        assertTrue(module.isNamed());
        module.addUses(MeterProvider.class);
        assertEquals(
                1,
                ServiceLoader.load(module.getLayer(), MeterProvider.class).stream()
                        .filter(found -> found.type().equals(OpenTelemetryMeterProvider.class))
                        .count());

        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(reader).build())
                .build()) {
            new OpenTelemetryMeter(sdk).attach(new Totals("orders", "").set(Metrics.FSYNCS, 7));
            assertTrue(reader.collectAllMetrics().stream()
                    .anyMatch(metric -> metric.getName().equals("wal.fsyncs")));
        }
    }
}
