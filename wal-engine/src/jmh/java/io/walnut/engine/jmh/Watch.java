package io.walnut.engine.jmh;

import io.walnut.engine.meter.JfrMeterProvider;
import io.walnut.engine.meter.LogMeterProvider;
import io.walnut.engine.meter.NoneMeterProvider;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metric;
import io.walnut.spi.PluginContext;
import io.walnut.spi.WalEvent;
import io.walnut.spi.config.Settings;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.Recording;

/** Who looks at a log: every instrument that there is, to see what each costs an append. */
public enum Watch {
    /** The meter {@code none}. */
    NONE(new NoneMeterProvider(), 0),

    /** The meter {@code log}. */
    LOG(new LogMeterProvider(), 0),

    /** The meter {@code jfr}, while nothing is recorded. */
    JFR(new JfrMeterProvider(), 0),

    /** The meter {@code jfr} in a recording. */
    RECORDING_JFR(new JfrMeterProvider(), 0),

    /** A meter that adds up every value and counts every event. */
    EVERYTHING(null, 0),

    /** The same, with one append in a thousand timed. */
    SAMPLED(null, 1000),

    /** The same, with each append timed. */
    EACH_TIMED(null, 1),

    /** The same as everything, and every total is asked for a hundred times a second, where a scrape comes each 15 s. */
    SCRAPED(null, 0);

    private final MeterProvider provider;
    private final int sample;
    private Recording recording;

    Watch(MeterProvider provider, int sample) {
        this.provider = provider;
        this.sample = sample;
    }

    /** {@return one append in how many is timed, 0 for none} */
    int sample() {
        return sample;
    }

    Meter meter(PluginContext context) {
        if (this == SCRAPED) {
            return source -> new Scraper(source, new Sum(new LongAdder()));
        }
        return provider == null
                ? source -> new Sum(new LongAdder())
                : provider.create(Settings.defaultsOf(provider.config()), context);
    }

    void start() {
        if (this == RECORDING_JFR) {
            recording = new Recording();
            recording.start();
        }
    }

    void stop() {
        if (recording != null) {
            recording.close();
        }
    }

    private record Sum(LongAdder sum) implements Meter.Instruments {
        @Override
        public void record(Metric metric, long value) {
            sum.add(value);
        }

        @Override
        public void event(WalEvent event) {
            sum.increment();
        }

        @Override
        public void close() {}
    }
}
