package io.walnut.spi;

/**
 * Is told what a log does. Totals and states are <em>pulled</em> through a {@link MetricSource}, so that metering costs
 * nothing per append; only durations, sizes of groups and events are pushed.
 *
 * <p>What a meter throws is counted and logged once, and changes no result.
 */
public interface Meter {
    /**
     * Starts metering a log, when it is opened; also when that is refused because it is damaged, to tell that one event.
     * A log that is opened for reading only is not metered.
     *
     * @param source the log's totals and states; may be asked at any time, from any thread, until the instruments are
     *     closed
     * @return what the log pushes to
     */
    Instruments attach(MetricSource source);

    /**
     * What one log pushes to. Thread-safe. The engine calls it in order, on a thread that neither appends nor forces, some
     * milliseconds after the fact; when it takes too long, signals are dropped and counted by {@link
     * Metrics#SIGNALS_DROPPED}.
     */
    interface Instruments extends AutoCloseable {
        /** Tells nobody; a log that is given these does not even collect what to tell. */
        Instruments NONE = new Instruments() {
            @Override
            public void record(Metric metric, long value) {}

            @Override
            public void event(WalEvent event) {}

            @Override
            public void close() {}
        };

        /**
         * A value of a histogram.
         *
         * @param metric one of the {@linkplain Metric.Kind#HISTOGRAM histograms} of {@link Metrics}
         * @param value in the metric's unit, but nanoseconds where that unit is the second
         */
        void record(Metric metric, long value);

        /**
         * Something happened.
         *
         * @param event what
         */
        void event(WalEvent event);

        /** The log is closed: nothing is pushed any more, and the source must not be asked any more. */
        @Override
        void close();
    }
}
