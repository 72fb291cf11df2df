package io.walnut.engine;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps everything that it is told; after the log is closed, nothing more comes. */
final class RecordingMeter implements Meter, Meter.Instruments {
    final List<WalEvent> events = new CopyOnWriteArrayList<>();
    final Map<String, List<Long>> values = new ConcurrentHashMap<>();
    volatile MetricSource source;
    volatile boolean closed;

    @Override
    public Instruments attach(MetricSource attached) {
        source = attached;
        return this;
    }

    @Override
    public void record(Metric metric, long value) {
        values.computeIfAbsent(metric.name(), name -> new CopyOnWriteArrayList<>())
                .add(value);
    }

    @Override
    public void event(WalEvent event) {
        events.add(event);
    }

    @Override
    public void close() {
        closed = true;
    }

    long value(Metric metric) {
        return source.value(metric);
    }

    /** {@return the values of a metric by its one attribute} */
    Map<String, Long> byAttribute(Metric metric) {
        Map<String, Long> found = new TreeMap<>();
        source.values(metric, (value, attributes) -> found.put(String.join(",", attributes), value));
        return found;
    }

    List<Long> recorded(Metric metric) {
        return values.getOrDefault(metric.name(), List.of());
    }

    <E extends WalEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** {@return whether there is anything to see of a metric} */
    boolean isFed(Metric metric) {
        return metric.kind() == Metric.Kind.HISTOGRAM
                ? !recorded(metric).isEmpty()
                : !byAttribute(metric).isEmpty();
    }

    static List<Metric> unfed(RecordingMeter meter) {
        return Metrics.ALL.stream().filter(metric -> !meter.isFed(metric)).toList();
    }
}
