package io.walnut.engine.jmh;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks for every total and state of a log a hundred times a second, and passes on what it is told. */
final class Scraper implements Meter.Instruments {
    private final Meter.Instruments told;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    Scraper(MetricSource source, Meter.Instruments told) {
        this.told = told;
        timer.scheduleAtFixedRate(() -> scrape(source), 10, 10, TimeUnit.MILLISECONDS);
    }

    private void scrape(MetricSource source) {
        for (Metric metric : Metrics.ALL) {
            if (metric.kind() != Metric.Kind.HISTOGRAM) {
                source.values(metric, (value, attributes) -> told.record(metric, value));
            }
        }
    }

    @Override
    public void record(Metric metric, long value) {
        told.record(metric, value);
    }

    @Override
    public void event(WalEvent event) {
        told.event(event);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        told.close();
    }
}
