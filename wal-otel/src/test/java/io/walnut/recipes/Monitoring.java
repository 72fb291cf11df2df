package io.walnut.recipes;

import io.opentelemetry.exporter.prometheus.PrometheusHttpServer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.nio.file.Path;

/** A program whose log is watched: by Prometheus, which comes and asks, and by a collector, which is sent everything. */
final class Monitoring {
    private Monitoring() {}

    /**
     * Starts OpenTelemetry for this process; to be called before a log is opened, and closed after the last one.
     *
     * @param port where Prometheus finds the metrics, under {@code /metrics}
     * @param metrics gets the same metrics, once a minute
     * @param events gets what happens to logs, as log records
     * @param spans gets how long it took to open them
     */
    static OpenTelemetrySdk start(int port, MetricExporter metrics, LogRecordExporter events, SpanExporter spans) {
        return OpenTelemetrySdk.builder()
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PrometheusHttpServer.builder()
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .build())
                        .registerMetricReader(PeriodicMetricReader.create(metrics))
                        .build())
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor(
                                BatchLogRecordProcessor.builder(events).build())
                        .build())
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(spans).build())
                        .build())
                .buildAndRegisterGlobal();
    }

    /** A log that reports to it, under a name by which its numbers are told from those of others. */
    static Wal open(Path directory, String name) {
        return Wal.open(WalConfig.builder(directory)
                .meter("otel")
                .set("wal.name", name)
                .set("wal.append.sample", "100") // how long one append in a hundred takes
                .build());
    }
}
