package io.walnut.spi;

import java.util.List;

/** The totals and states of one log, to be asked at any time. Thread-safe and cheap. */
public interface MetricSource {
    /** {@return the log's name} */
    String logName();

    /** {@return who writes the log; may be empty} */
    String nodeId();

    /**
     * The present value.
     *
     * @param metric a counter or gauge of {@link Metrics}
     * @return its value in the metric's unit, but nanoseconds where that unit is the second; the sum over all {@linkplain
     *     Metric#attributes attributes}; 0 for a metric that this log does not know
     */
    long value(Metric metric);

    /**
     * Tells the present values apart by the metric's own attributes. A source that cannot, tells their sum.
     *
     * @param metric a counter or gauge of {@link Metrics}
     * @param target is told each value, during this call
     */
    default void values(Metric metric, Values target) {
        target.value(value(metric), List.of());
    }

    /** Takes the values of a metric. */
    @FunctionalInterface
    interface Values {
        /**
         * One value.
         *
         * @param value as {@link MetricSource#value} gives it
         * @param attributes the values of the metric's {@linkplain Metric#attributes attributes}, in their order; empty if it
         *     has none, or if the value is the sum over all
         */
        void value(long value, List<String> attributes);
    }
}
