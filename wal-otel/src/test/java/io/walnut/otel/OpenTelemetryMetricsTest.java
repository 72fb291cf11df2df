package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.walnut.spi.Meter.Instruments;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenTelemetryMetricsTest {
    private static final Attributes ORDERS = Attributes.of(
            AttributeKey.stringKey("wal.name"), "orders", AttributeKey.stringKey("wal.node.id"), "node-1");
    private static final Attributes PAYMENTS = Attributes.of(AttributeKey.stringKey("wal.name"), "payments");

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    private final OpenTelemetryMeter meter = new OpenTelemetryMeter(sdk);
    private final Totals orders = new Totals("orders", "node-1");
    private final Totals payments = new Totals("payments", "");

    @AfterEach
    void shutDown() {
        sdk.close();
    }

    static Stream<Metric> pulled() {
        return Metrics.ALL.stream().filter(metric -> metric.kind() != Metric.Kind.HISTOGRAM);
    }

    static Stream<Metric> pushed() {
        return Metrics.ALL.stream().filter(metric -> metric.kind() == Metric.Kind.HISTOGRAM);
    }

    @Test
    void shouldReportEveryMetricThereIsAndNoOther() {
        Instruments instruments = meter.attach(orders);
        pushed().forEach(metric -> instruments.record(metric, 1));
        assertEquals(
                Metrics.ALL.stream().map(Metric::name).collect(Collectors.toSet()),
                collected().keySet());
    }

    @ParameterizedTest
    @MethodSource("pulled")
    void shouldPullTotalsAndStates(Metric metric) {
        meter.attach(orders.set(metric, 4711));

        MetricData data = collected().get(metric.name());
        assertDefinition(metric, data);
        assertEquals(metric.isDuration() ? 4711e-9 : 4711, value(data), 1e-15);

        orders.set(metric, 4712);
        data = collected().get(metric.name());
        assertEquals(metric.isDuration() ? 4712e-9 : 4712, value(data), 1e-15);
    }

    @ParameterizedTest
    @MethodSource("pushed")
    void shouldRecordSingleValuesAndDurationsInSeconds(Metric metric) {
        Instruments instruments = meter.attach(orders);
        instruments.record(metric, 1_000_000);
        instruments.record(metric, 3_000_000);

        MetricData data = collected().get(metric.name());
        assertDefinition(metric, data);
        HistogramPointData point = onlyPoint(data, HistogramPointData.class);
        assertEquals(2, point.getCount());
        assertEquals(metric.isDuration() ? 0.004 : 4_000_000, point.getSum(), 1e-9);
        assertEquals(metric.isDuration() ? Buckets.DURATION : asDoubles(Buckets.SIZE), point.getBoundaries());
    }

    @Test
    void shouldTellLogsApart() {
        Instruments ofOrders = meter.attach(orders.set(Metrics.FSYNCS, 3));
        Instruments ofPayments = meter.attach(payments.set(Metrics.FSYNCS, 5));
        ofOrders.record(Metrics.FSYNC_BYTES, 100);
        ofPayments.record(Metrics.FSYNC_BYTES, 200);

        Map<String, MetricData> collected = collected();
        assertEquals(
                Map.of(ORDERS, 3L, PAYMENTS, 5L),
                collected.get("wal.fsyncs").getLongSumData().getPoints().stream()
                        .collect(Collectors.toMap(PointData::getAttributes, LongPointData::getValue)));
        assertEquals(
                Map.of(ORDERS, 100.0, PAYMENTS, 200.0),
                collected.get("wal.fsync.bytes").getHistogramData().getPoints().stream()
                        .collect(Collectors.toMap(PointData::getAttributes, HistogramPointData::getSum)));
    }

    @Test
    void shouldTellValuesApartByTheirOwnAttributes() {
        MetricSource byKind = new MetricSource() {
            @Override
            public String logName() {
                return "payments";
            }

            @Override
            public String nodeId() {
                return "";
            }

            @Override
            public long value(Metric metric) {
                return 0;
            }

            @Override
            public void values(Metric metric, Values target) {
                if (metric.equals(Metrics.RECORDS_APPENDED)) {
                    target.value(3, List.of("put"));
                    target.value(2, List.of("delete"));
                }
            }
        };
        meter.attach(byKind);
        AttributeKey<String> kind = AttributeKey.stringKey("wal.record.kind");
        assertEquals(
                Map.of(
                        PAYMENTS.toBuilder().put(kind, "put").build(),
                        3L,
                        PAYMENTS.toBuilder().put(kind, "delete").build(),
                        2L),
                collected().get("wal.append.records").getLongSumData().getPoints().stream()
                        .collect(Collectors.toMap(PointData::getAttributes, LongPointData::getValue)));
    }

    @Test
    void shouldNotAskALogThatIsClosedAndStillAskTheOthers() {
        Instruments ofOrders = meter.attach(orders);
        meter.attach(payments);
        collected();
        int askedBefore = orders.asked();

        ofOrders.close();

        assertEquals(
                List.of(PAYMENTS),
                collected().get("wal.segments").getLongGaugeData().getPoints().stream()
                        .map(PointData::getAttributes)
                        .toList());
        assertEquals(askedBefore, orders.asked());
    }

    @Test
    void shouldMeterALogAgainThatWasOpenedAgain() {
        meter.attach(orders.set(Metrics.SEGMENTS, 1)).close();
        meter.attach(new Totals("orders", "node-1").set(Metrics.SEGMENTS, 2));
        assertEquals(
                2,
                onlyPoint(collected().get("wal.segments"), LongPointData.class).getValue());
    }

    @Test
    void shouldNotFinishClosingWhileTheLogIsBeingAsked() throws InterruptedException {
        ClosedWhileAsked source = new ClosedWhileAsked();
        Instruments instruments = meter.attach(source);
        source.closer = new Thread(instruments::close, "closer");

        collected();

        source.closer.join();
        assertEquals(Thread.State.WAITING, source.seen, "the closer, while the log was being asked");
        assertEquals(Map.of(), collected());
    }

    @Test
    void shouldIgnoreAHistogramThatItDoesNotKnow() {
        Instruments instruments = meter.attach(orders);
        instruments.record(new Metric("wal.of.the.future", Metric.Kind.HISTOGRAM, "s", "Not yet known"), 1);
        assertFalse(collected().containsKey("wal.of.the.future"));
    }

    @Test
    void shouldDoNothingWithoutAnSdk() {
        Instruments instruments = new OpenTelemetryMeter(OpenTelemetry.noop()).attach(orders);
        assertDoesNotThrow(() -> {
            instruments.record(Metrics.FSYNC_DURATION, 1);
            instruments.close();
        });
        assertEquals(0, orders.asked());
    }

    /** A log that, when first asked, is closed by another thread, and answers when that one waits or is done. */
    private static final class ClosedWhileAsked implements MetricSource {
        private Thread closer;
        private Thread.State seen = Thread.State.NEW;

        @Override
        public String logName() {
            return "closed";
        }

        @Override
        public String nodeId() {
            return "";
        }

        @Override
        public long value(Metric metric) {
            if (seen == Thread.State.NEW) {
                closer.start();
                do {
                    Thread.onSpinWait();
                    seen = closer.getState();
                } while (seen != Thread.State.WAITING && seen != Thread.State.TERMINATED);
            }
            return 1;
        }
    }

    private Map<String, MetricData> collected() {
        Collection<MetricData> metrics = reader.collectAllMetrics();
        return metrics.stream().collect(Collectors.toMap(MetricData::getName, Function.identity()));
    }

    private static void assertDefinition(Metric metric, MetricData data) {
        assertEquals(metric.unit(), data.getUnit());
        assertEquals(metric.description(), data.getDescription());
        assertEquals("io.walnut", data.getInstrumentationScopeInfo().getName());
        assertEquals(
                switch (metric.kind()) {
                    case COUNTER -> metric.isDuration() ? MetricDataType.DOUBLE_SUM : MetricDataType.LONG_SUM;
                    case GAUGE -> metric.isDuration() ? MetricDataType.DOUBLE_GAUGE : MetricDataType.LONG_GAUGE;
                    case HISTOGRAM -> MetricDataType.HISTOGRAM;
                },
                data.getType());
        if (metric.kind() == Metric.Kind.COUNTER) {
            SumData<?> sum = metric.isDuration() ? data.getDoubleSumData() : data.getLongSumData();
            assertTrue(sum.isMonotonic());
            assertEquals(AggregationTemporality.CUMULATIVE, sum.getAggregationTemporality());
        }
    }

    private static double value(MetricData data) {
        PointData point = onlyPoint(data, PointData.class);
        return point instanceof LongPointData whole ? whole.getValue() : ((DoublePointData) point).getValue();
    }

    private static <P extends PointData> P onlyPoint(MetricData data, Class<P> type) {
        assertEquals(1, data.getData().getPoints().size());
        PointData point = data.getData().getPoints().iterator().next();
        assertEquals(ORDERS, point.getAttributes());
        return type.cast(point);
    }

    private static List<Double> asDoubles(List<Long> boundaries) {
        return boundaries.stream().map(Long::doubleValue).toList();
    }
}
