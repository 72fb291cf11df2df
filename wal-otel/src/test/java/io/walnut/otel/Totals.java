package io.walnut.otel;

import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A source that holds what it was told, and counts how often it was asked. */
final class Totals implements MetricSource {
    private final String logName;
    private final String nodeId;
    private final Map<String, Long> values = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();

    Totals(String logName, String nodeId) {
        this.logName = logName;
        this.nodeId = nodeId;
    }

    Totals set(Metric metric, long value) {
        values.put(metric.name(), value);
        return this;
    }

    int asked() {
        return asked.get();
    }

    @Override
    public String logName() {
        return logName;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public long value(Metric metric) {
        asked.incrementAndGet();
        return values.getOrDefault(metric.name(), 0L);
    }
}
