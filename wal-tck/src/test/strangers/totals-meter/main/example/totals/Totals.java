package example.totals;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Adds up what happens in all logs of a process, and what they tell of themselves when they are asked. */
public class Totals implements Meter {
    /** The totals of this process. */
    public static final Totals INSTANCE = new Totals();

    private final Set<MetricSource> sources = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();

    /** {@return the sum of a metric over all open logs} */
    public long sum(Metric metric) {
        return sources.stream().mapToLong(source -> source.value(metric)).sum();
    }

    /** {@return how many events of a type there were} */
    public long events(Class<? extends WalEvent> type) {
        return adder(type.getSimpleName()).sum();
    }

    private LongAdder adder(String name) {
        return events.computeIfAbsent(name, key -> new LongAdder());
    }

    /** Forgets a log. */
    protected void closed(MetricSource source) {
        sources.remove(source);
    }

    /** Counts an event. */
    protected void count(WalEvent event) {
        adder(event.getClass().getSimpleName()).increment();
    }

    @Override
    public Instruments attach(MetricSource source) {
        sources.add(source);
        return new Instruments() {
            @Override
            public void record(Metric metric, long value) {
                if (metric.equals(Metrics.FSYNC_BYTES)) {
                    adder("bytes forced").add(value);
                }
            }

            @Override
            public void event(WalEvent event) {
                count(event);
            }

            @Override
            public void close() {
                closed(source);
            }
        };
    }
}
