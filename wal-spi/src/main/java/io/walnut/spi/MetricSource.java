package io.walnut.spi;

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
     * @return its value in the metric's unit, but nanoseconds where that unit is the second; 0 for a metric that this log
     *     does not know
     */
    long value(Metric metric);
}
