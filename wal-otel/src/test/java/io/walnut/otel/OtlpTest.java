package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import io.walnut.engine.Engine;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Metric.Kind;
import io.walnut.spi.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector is sent by OpenTelemetry's own protocol, beside what Prometheus gets of the same log. */
class OtlpTest {
    private static final Pattern NAMES = Pattern.compile("\\| `(wal[.a-z_]+)` \\|.*\\| `(wal[a-z_]+)` \\| [^|]+ \\|");

    private final List<ExportMetricsServiceRequest> sent = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private HttpServer collector;
    private Scrape prometheus;
    private OpenTelemetrySdk sdk;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            sent.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        prometheus = Scrape.onFreePort();
        sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(prometheus.server())
                        .registerMetricReader(PeriodicMetricReader.builder(OtlpHttpMetricExporter.builder()
                                        .setEndpoint("http://127.0.0.1:"
                                                + collector.getAddress().getPort() + "/v1/metrics")
                                        .build())
                                .setInterval(Duration.ofDays(1))
                                .build())
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        sdk.close();
        collector.stop(0);
    }

    @Test
    void bothExportersGiveTheSameNamesUnitsAndValues() throws IOException {
        Wal wal = Engine.builder(directory)
                .set("wal.name", "orders")
                .set("wal.segment.bytes", "64KiB")
                .set("wal.append.sample", "1")
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .meter(new OpenTelemetryMeter(sdk))
                .open();
        for (int i = 0; i < 100; i++) {
            wal.append(new byte[8], new byte[1000]);
        }
        wal.appendBatch(List.of(WalRecord.delete(new byte[8]), WalRecord.delete(new byte[8])));
        wal.checkpoints().save("reader", wal.end());
        wal.sync();

        Map<String, Double> totals = otlp(Kind.COUNTER, Kind.GAUGE);
        assertEquals(100, totals.get("wal_append_records_total[put]"));
        assertEquals(1, totals.get("wal_checkpoint_saves_total[reader]"));
        assertEquals(0, totals.get("wal_state[]"));
        assertTrue(totals.size() >= 25, totals.toString());
        Map<String, Double> scraped = prometheus.samples();
        totals.forEach((name, value) -> assertEquals(value, scraped.get(name), name));

        wal.close();
        Map<String, Double> values = otlp(Kind.HISTOGRAM);
        assertEquals(101, values.get("wal_append_duration_seconds_count[]"));
        assertTrue(values.get("wal_fsync_duration_seconds_count[]") > 0);
        assertEquals(102, values.get("wal_commit_group_sum[]"));
        assertEquals(prometheus.samples(), values);
    }

    /** {@return what is sent now of metrics of some kinds, called as in Prometheus} */
    private Map<String, Double> otlp(Kind... kinds) throws IOException {
        sent.clear();
        assertTrue(sdk.getSdkMeterProvider()
                .forceFlush()
                .join(10, TimeUnit.SECONDS)
                .isSuccess());
        Map<String, String> names = prometheusNames();
        Map<String, Double> values = new TreeMap<>();
        sent.stream()
                .flatMap(request -> request.getResourceMetricsList().stream())
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .filter(each -> !each.getName().startsWith("otel.")) // what the SDK tells of itself
                .forEach(each -> {
                    var defined = Metrics.ALL.stream()
                            .filter(known -> known.name().equals(each.getName()))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(each));
                    assertEquals(defined.unit(), each.getUnit(), each.getName());
                    assertEquals(defined.description(), each.getDescription());
                    assertEquals(defined.kind(), kindOf(each), each.getName());
                    if (List.of(kinds).contains(defined.kind())) {
                        points(names.get(each.getName()), defined.attributes(), each, values);
                    }
                });
        return values;
    }

    private static Kind kindOf(Metric sent) {
        return sent.hasHistogram() ? Kind.HISTOGRAM : sent.hasGauge() ? Kind.GAUGE : Kind.COUNTER;
    }

    private static void points(String name, List<String> own, Metric sent, Map<String, Double> values) {
        for (HistogramDataPoint point : sent.getHistogram().getDataPointsList()) {
            String attribute = attribute(own, point.getAttributesList());
            values.put(name + "_count[" + attribute + "]", (double) point.getCount());
            values.put(name + "_sum[" + attribute + "]", point.getSum());
        }
        for (NumberDataPoint point : sent.hasGauge()
                ? sent.getGauge().getDataPointsList()
                : sent.getSum().getDataPointsList()) {
            values.put(
                    name + "[" + attribute(own, point.getAttributesList()) + "]",
                    point.hasAsInt() ? (double) point.getAsInt() : point.getAsDouble());
        }
    }

    private static String attribute(List<String> own, List<KeyValue> attributes) {
        return attributes.stream()
                .filter(each -> own.contains(each.getKey()))
                .map(each -> each.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    /** {@return what the page of metrics says they are called in Prometheus} */
    private static Map<String, String> prometheusNames() throws IOException {
        Map<String, String> names = new TreeMap<>();
        Matcher rows = NAMES.matcher(Files.readString(Path.of("..", "docs", "metrics.md")));
        while (rows.find()) {
            names.put(rows.group(1), rows.group(2));
        }
        assertEquals(Metrics.ALL.size(), names.size());
        return names;
    }
}
