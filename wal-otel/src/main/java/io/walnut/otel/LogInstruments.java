package io.walnut.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleGaugeBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.DoubleHistogramBuilder;
import io.opentelemetry.api.metrics.LongCounterBuilder;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.walnut.spi.Meter.Instruments;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;

/** The instruments of one log. */
final class LogInstruments implements Instruments {
    private static final double NANOS_PER_SECOND = 1e9;

    private final MetricSource source;
    private final Attributes attributes;
    private final EventLog events;
    private final Spans spans;
    private final Map<String, LongConsumer> histograms = new HashMap<>();
    private final List<AutoCloseable> registrations = new ArrayList<>();

    /** Who asks the source holds the read lock, so that nobody does any more once {@link #close} has returned. */
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();

    private boolean closed;

    LogInstruments(Meter meter, MetricSource source, Attributes attributes, EventLog events, Spans spans) {
        this.source = source;
        this.attributes = attributes;
        this.events = events;
        this.spans = spans;
        for (Metric metric : Metrics.ALL) {
            switch (metric.kind()) {
                case COUNTER -> registrations.add(counter(meter, metric));
                case GAUGE -> registrations.add(gauge(meter, metric));
                case HISTOGRAM -> histograms.put(metric.name(), histogram(meter, metric));
            }
        }
    }

    @Override
    public void record(Metric metric, long value) {
        LongConsumer histogram = histograms.get(metric.name());
        if (histogram != null) {
            histogram.accept(value);
        }
    }

    @Override
    public void event(WalEvent event) {
        events.emit(event);
        spans.emit(event);
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            closed = true;
        } finally {
            life.writeLock().unlock();
        }
        registrations.forEach(LogInstruments::unregister);
    }

    private AutoCloseable counter(Meter meter, Metric metric) {
        LongCounterBuilder counter =
                meter.counterBuilder(metric.name()).setUnit(metric.unit()).setDescription(metric.description());
        return metric.isDuration()
                ? counter.ofDoubles().buildWithCallback(observer -> observe(metric, observer))
                : counter.buildWithCallback(observer -> observe(metric, observer));
    }

    private AutoCloseable gauge(Meter meter, Metric metric) {
        DoubleGaugeBuilder gauge =
                meter.gaugeBuilder(metric.name()).setUnit(metric.unit()).setDescription(metric.description());
        return metric.isDuration()
                ? gauge.buildWithCallback(observer -> observe(metric, observer))
                : gauge.ofLongs().buildWithCallback(observer -> observe(metric, observer));
    }

    private LongConsumer histogram(Meter meter, Metric metric) {
        DoubleHistogramBuilder builder =
                meter.histogramBuilder(metric.name()).setUnit(metric.unit()).setDescription(metric.description());
        if (metric.isDuration()) {
            DoubleHistogram histogram =
                    builder.setExplicitBucketBoundariesAdvice(Buckets.DURATION).build();
            return nanos -> histogram.record(nanos / NANOS_PER_SECOND, attributes);
        }
        LongHistogram histogram = builder.ofLongs()
                .setExplicitBucketBoundariesAdvice(Buckets.SIZE)
                .build();
        return value -> histogram.record(value, attributes);
    }

    private void observe(Metric metric, ObservableLongMeasurement observer) {
        ask(metric, (all, value) -> observer.record(value, all));
    }

    private void observe(Metric metric, ObservableDoubleMeasurement observer) {
        ask(metric, (all, nanos) -> observer.record(nanos / NANOS_PER_SECOND, all));
    }

    private void ask(Metric metric, ObjLongConsumer<Attributes> observer) {
        life.readLock().lock();
        try {
            if (!closed) {
                source.values(metric, (value, own) -> observer.accept(with(metric.attributes(), own), value));
            }
        } finally {
            life.readLock().unlock();
        }
    }

    private Attributes with(List<String> names, List<String> own) {
        if (own.isEmpty()) {
            return attributes;
        }
        AttributesBuilder all = attributes.toBuilder();
        for (int i = 0; i < own.size(); i++) {
            all.put(names.get(i), own.get(i));
        }
        return all.build();
    }

    private static void unregister(AutoCloseable registration) {
        try {
            registration.close();
        } catch (Exception e) {
            throw new IllegalStateException("an instrument cannot be unregistered", e);
        }
    }
}
