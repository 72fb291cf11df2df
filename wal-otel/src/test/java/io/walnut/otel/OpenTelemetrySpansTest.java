package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.spi.WalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenTelemetrySpansTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
    private static final Position END = new Position(3, 4168);

    @Test
    void shouldShowTheOpeningOfALogAsASpan() {
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build()) {
            RecoveryReport report = new RecoveryReport(
                    false, 5, 2, 4096, 1000, 1, 1000, END, Optional.empty(), List.of(), Duration.ofMillis(1500));
            new OpenTelemetryMeter(sdk)
                    .attach(new Totals("orders", "node-1"))
                    .event(new WalEvent.Recovered(TIME, END, report));

            assertEquals(1, exporter.getFinishedSpanItems().size());
            SpanData span = exporter.getFinishedSpanItems().get(0);
            assertEquals("wal.open", span.getName());
            assertEquals(1_500_000_000, span.getEndEpochNanos() - span.getStartEpochNanos());
            assertEquals("orders", span.getAttributes().get(AttributeKey.stringKey("wal.name")));
            assertEquals(4096, span.getAttributes().get(AttributeKey.longKey("wal.scanned.bytes")));
        }
    }
}
