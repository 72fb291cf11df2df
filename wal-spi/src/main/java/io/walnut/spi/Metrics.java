package io.walnut.spi;

import io.walnut.spi.Metric.Kind;
import java.util.List;

/** Every metric of a log: the one place where they are defined. Open to additions. */
public final class Metrics {
    /** Records appended. */
    public static final Metric RECORDS_APPENDED =
            new Metric("wal.records.appended", Kind.COUNTER, "{record}", "Records appended");

    /** Bytes appended. */
    public static final Metric BYTES_APPENDED =
            new Metric("wal.bytes.appended", Kind.COUNTER, "By", "Bytes appended, frames included");

    /** Appends that failed. */
    public static final Metric APPEND_FAILURES =
            new Metric("wal.append.failures", Kind.COUNTER, "{append}", "Appends that ended with an exception");

    /** Forces. */
    public static final Metric FSYNCS = new Metric("wal.fsyncs", Kind.COUNTER, "{fsync}", "Forces of a segment");

    /** How long forces took. */
    public static final Metric FSYNC_DURATION =
            new Metric("wal.fsync.duration", Kind.HISTOGRAM, "s", "How long a force of a segment took");

    /** How many bytes a force covered. */
    public static final Metric FSYNC_BYTES =
            new Metric("wal.fsync.bytes", Kind.HISTOGRAM, "By", "How many appended bytes a force made durable");

    /** Bytes that wait to be forced. */
    public static final Metric UNSYNCED_BYTES =
            new Metric("wal.unsynced", Kind.GAUGE, "By", "Appended bytes that are not forced yet");

    /** Appends that had to wait for the device. */
    public static final Metric BACK_PRESSURE_WAITS = new Metric(
            "wal.back_pressure.waits",
            Kind.COUNTER,
            "{append}",
            "Appends that waited or were refused for back-pressure");

    /** Segments. */
    public static final Metric SEGMENTS = new Metric("wal.segments", Kind.GAUGE, "{segment}", "Segments retained");

    /** Bytes of segments. */
    public static final Metric SEGMENT_BYTES =
            new Metric("wal.segment.bytes", Kind.GAUGE, "By", "Bytes of content in the segments retained");

    /** Segments taken into use. */
    public static final Metric SEGMENTS_STARTED =
            new Metric("wal.segments.started", Kind.COUNTER, "{segment}", "Segments taken into use");

    /** Segments deleted. */
    public static final Metric SEGMENTS_DELETED =
            new Metric("wal.segments.deleted", Kind.COUNTER, "{segment}", "Segments deleted");

    /** Appends that waited for space. */
    public static final Metric SPACE_MISSES = new Metric(
            "wal.space.misses", Kind.COUNTER, "{append}", "Appends that waited because no space was prepared");

    /** How long preparing space took. */
    public static final Metric SPACE_DURATION = new Metric(
            "wal.space.duration", Kind.HISTOGRAM, "s", "How long it took to prepare space, in the background");

    /** Readers that are open. */
    public static final Metric READERS_OPEN = new Metric("wal.readers.open", Kind.GAUGE, "{reader}", "Readers open");

    /** How long opening took. */
    public static final Metric RECOVERY_DURATION =
            new Metric("wal.recovery.duration", Kind.HISTOGRAM, "s", "How long opening and recovering the log took");

    /** The log's state. */
    public static final Metric STATE =
            new Metric("wal.state", Kind.GAUGE, "{state}", "0 while the log is open, 1 after a failure, 2 when closed");

    /** All of them, in the order in which they are documented. */
    public static final List<Metric> ALL = List.of(
            RECORDS_APPENDED,
            BYTES_APPENDED,
            APPEND_FAILURES,
            FSYNCS,
            FSYNC_DURATION,
            FSYNC_BYTES,
            UNSYNCED_BYTES,
            BACK_PRESSURE_WAITS,
            SEGMENTS,
            SEGMENT_BYTES,
            SEGMENTS_STARTED,
            SEGMENTS_DELETED,
            SPACE_MISSES,
            SPACE_DURATION,
            READERS_OPEN,
            RECOVERY_DURATION,
            STATE);

    private Metrics() {}
}
