package io.walnut.spi;

import io.walnut.spi.Metric.Kind;
import java.util.List;

/** Every metric of a log: the one place where they are defined. Open to additions. */
public final class Metrics {
    /** The name of the log, {@code wal.name}; an attribute of every metric. */
    public static final String LOG_NAME = "wal.name";

    /** Who writes the log, {@code wal.node.id}; an attribute of every metric of a log that says it. */
    public static final String NODE_ID = "wal.node.id";

    /** {@code put}, {@code delete}, and of bytes {@code control}: what the log writes for itself. */
    public static final String RECORD_KIND = "wal.record.kind";

    /** Why an append failed: a {@link io.walnut.api.WalException.Reason} in lower case, or {@code other}. */
    public static final String REASON = "wal.reason";

    /** The name of a codec. */
    public static final String CODEC = "wal.codec";

    /** The name of a checkpoint. */
    public static final String CHECKPOINT = "wal.checkpoint.name";

    /** Records appended. */
    public static final Metric RECORDS_APPENDED =
            new Metric("wal.append.records", Kind.COUNTER, "{record}", "Records appended", List.of(RECORD_KIND));

    /** Bytes appended, frames included. */
    public static final Metric BYTES_APPENDED =
            new Metric("wal.append.bytes", Kind.COUNTER, "By", "Bytes appended, frames included", List.of(RECORD_KIND));

    /** The greatest record appended since the log was opened, its frame included; the mean is bytes by records. */
    public static final Metric GREATEST_RECORD = new Metric(
            "wal.append.greatest",
            Kind.GAUGE,
            "By",
            "The greatest record appended since the log was opened, its frame included");

    /** Appends of more than one record. */
    public static final Metric BATCHES =
            new Metric("wal.append.batches", Kind.COUNTER, "{batch}", "Appends of more than one record");

    /** Appends that ended with an exception. */
    public static final Metric APPEND_FAILURES = new Metric(
            "wal.append.failures", Kind.COUNTER, "{append}", "Appends that ended with an exception", List.of(REASON));

    /** How long an append took until it returned, of the sample that wal.append.sample asks for. */
    public static final Metric APPEND_DURATION = new Metric(
            "wal.append.duration",
            Kind.HISTOGRAM,
            "s",
            "How long an append took until it returned, of the sample that wal.append.sample asks for");

    /** Forces of a segment. */
    public static final Metric FSYNCS = new Metric("wal.fsyncs", Kind.COUNTER, "{fsync}", "Forces of a segment");

    /** How long a force of all that was appended took. */
    public static final Metric FSYNC_DURATION =
            new Metric("wal.fsync.duration", Kind.HISTOGRAM, "s", "How long a force of all that was appended took");

    /** How many appended bytes a force made durable. */
    public static final Metric FSYNC_BYTES =
            new Metric("wal.fsync.bytes", Kind.HISTOGRAM, "By", "How many appended bytes a force made durable");

    /** How many records shared a force. */
    public static final Metric COMMIT_GROUP =
            new Metric("wal.commit.group", Kind.HISTOGRAM, "{record}", "How many records shared a force");

    /** Appended bytes that are not forced yet. */
    public static final Metric UNSYNCED_BYTES =
            new Metric("wal.unsynced", Kind.GAUGE, "By", "Appended bytes that are not forced yet");

    /** For how long the oldest of the bytes that are not forced has been waiting, 0 if there is none. */
    public static final Metric UNSYNCED_AGE = new Metric(
            "wal.unsynced.age",
            Kind.GAUGE,
            "s",
            "For how long the oldest of the bytes that are not forced has been waiting, 0 if there is none");

    /** Appends that waited or were refused for back-pressure. */
    public static final Metric BACK_PRESSURE_WAITS = new Metric(
            "wal.back_pressure.waits",
            Kind.COUNTER,
            "{append}",
            "Appends that waited or were refused for back-pressure");

    /** Appends that were tried again because the disk was full. */
    public static final Metric WRITE_RETRIES = new Metric(
            "wal.write.retries", Kind.COUNTER, "{retry}", "Appends that were tried again because the disk was full");

    /** Segments retained. */
    public static final Metric SEGMENTS = new Metric("wal.segments", Kind.GAUGE, "{segment}", "Segments retained");

    /** Bytes of content in the segments retained. */
    public static final Metric SEGMENT_BYTES =
            new Metric("wal.segment.bytes", Kind.GAUGE, "By", "Bytes of content in the segments retained");

    /** Segments taken into use; each is new, for segments are not recycled. */
    public static final Metric SEGMENTS_STARTED =
            new Metric("wal.segments.started", Kind.COUNTER, "{segment}", "Segments taken into use");

    /** Segments deleted. */
    public static final Metric SEGMENTS_DELETED =
            new Metric("wal.segments.deleted", Kind.COUNTER, "{segment}", "Segments deleted");

    /** How long it took to delete segments, files included. */
    public static final Metric DELETION_DURATION = new Metric(
            "wal.deletion.duration", Kind.HISTOGRAM, "s", "How long it took to delete segments, files included");

    /** For how long appends stood still while the next segment was taken into use. */
    public static final Metric ROTATION_DURATION = new Metric(
            "wal.rotation.duration",
            Kind.HISTOGRAM,
            "s",
            "For how long appends stood still while the next segment was taken into use");

    /** Appends that waited because no space was prepared. */
    public static final Metric SPACE_MISSES = new Metric(
            "wal.space.misses", Kind.COUNTER, "{append}", "Appends that waited because no space was prepared");

    /** How long it took to prepare space, in the background. */
    public static final Metric SPACE_DURATION = new Metric(
            "wal.space.duration", Kind.HISTOGRAM, "s", "How long it took to prepare space, in the background");

    /** Bytes of values given to a codec. */
    public static final Metric COMPRESSION_IN =
            new Metric("wal.compression.in", Kind.COUNTER, "By", "Bytes of values given to a codec", List.of(CODEC));

    /** Bytes that a codec made of them. */
    public static final Metric COMPRESSION_OUT =
            new Metric("wal.compression.out", Kind.COUNTER, "By", "Bytes that a codec made of them", List.of(CODEC));

    /** Time spent in a codec compressing, estimated from one value in sixteen. */
    public static final Metric COMPRESSION_TIME = new Metric(
            "wal.compression.time",
            Kind.COUNTER,
            "s",
            "Time spent in a codec compressing, estimated from one value in sixteen",
            List.of(CODEC));

    /** Positions saved as checkpoints, written or not. */
    public static final Metric CHECKPOINT_SAVES = new Metric(
            "wal.checkpoint.saves",
            Kind.COUNTER,
            "{save}",
            "Positions saved as checkpoints, written or not",
            List.of(CHECKPOINT));

    /** How many bytes of the log lie behind a checkpoint. */
    public static final Metric CHECKPOINT_LAG = new Metric(
            "wal.checkpoint.lag",
            Kind.GAUGE,
            "By",
            "How many bytes of the log lie behind a checkpoint",
            List.of(CHECKPOINT));

    /** Times that all checkpoints were written and forced. */
    public static final Metric CHECKPOINT_WRITES = new Metric(
            "wal.checkpoint.writes", Kind.COUNTER, "{write}", "Times that all checkpoints were written and forced");

    /** Times that checkpoints could not be written. */
    public static final Metric CHECKPOINT_FAILURES = new Metric(
            "wal.checkpoint.failures", Kind.COUNTER, "{failure}", "Times that checkpoints could not be written");

    /** Times that retention looked for segments to delete. */
    public static final Metric RETENTION_RUNS = new Metric(
            "wal.retention.runs", Kind.COUNTER, "{run}", "Times that retention looked for segments to delete");

    /** Times that retention failed. */
    public static final Metric RETENTION_FAILURES =
            new Metric("wal.retention.failures", Kind.COUNTER, "{failure}", "Times that retention failed");

    /** Bytes that retention would delete if no checkpoint and no archiver held them. */
    public static final Metric RETENTION_HELD = new Metric(
            "wal.retention.held",
            Kind.GAUGE,
            "By",
            "Bytes that retention would delete if no checkpoint and no archiver held them");

    /** Segments archived. */
    public static final Metric SEGMENTS_ARCHIVED =
            new Metric("wal.archive.segments", Kind.COUNTER, "{segment}", "Segments archived");

    /** Times that a segment could not be archived. */
    public static final Metric ARCHIVE_FAILURES =
            new Metric("wal.archive.failures", Kind.COUNTER, "{failure}", "Times that a segment could not be archived");

    /** Sealed segments that wait to be archived. */
    public static final Metric ARCHIVE_PENDING =
            new Metric("wal.archive.pending", Kind.GAUGE, "{segment}", "Sealed segments that wait to be archived");

    /** Readers open. */
    public static final Metric READERS_OPEN = new Metric("wal.readers.open", Kind.GAUGE, "{reader}", "Readers open");

    /** Records read; a reader tells now and then, at the end and when it is closed. */
    public static final Metric RECORDS_READ = new Metric(
            "wal.read.records",
            Kind.COUNTER,
            "{record}",
            "Records read; a reader tells now and then, at the end and when it is closed");

    /** Bytes of the frames of the records read. */
    public static final Metric BYTES_READ =
            new Metric("wal.read.bytes", Kind.COUNTER, "By", "Bytes of the frames of the records read");

    /** Reads that failed, but not for damage. */
    public static final Metric READ_FAILURES =
            new Metric("wal.read.failures", Kind.COUNTER, "{failure}", "Reads that failed, but not for damage");

    /** Times that a reader met damage. */
    public static final Metric CORRUPTIONS =
            new Metric("wal.corruptions", Kind.COUNTER, "{corruption}", "Times that a reader met damage");

    /** How long opening and recovering the log took. */
    public static final Metric RECOVERY_DURATION =
            new Metric("wal.recovery.duration", Kind.HISTOGRAM, "s", "How long opening and recovering the log took");

    /** Records that the log held when it was opened. */
    public static final Metric RECOVERY_RECORDS =
            new Metric("wal.recovery.records", Kind.GAUGE, "{record}", "Records that the log held when it was opened");

    /** Bytes that were read to open the log. */
    public static final Metric RECOVERY_SCANNED =
            new Metric("wal.recovery.scanned", Kind.GAUGE, "By", "Bytes that were read to open the log");

    /** Bytes that were cut off when the log was opened. */
    public static final Metric RECOVERY_TRUNCATED =
            new Metric("wal.recovery.truncated", Kind.GAUGE, "By", "Bytes that were cut off when the log was opened");

    /** Values and events that the meter was not told, since it was too slow. */
    public static final Metric SIGNALS_DROPPED = new Metric(
            "wal.meter.dropped",
            Kind.COUNTER,
            "{signal}",
            "Values and events that the meter was not told, since it was too slow");

    /** 0 while the log is open, 1 after a failure, 2 when closed. */
    public static final Metric STATE =
            new Metric("wal.state", Kind.GAUGE, "{state}", "0 while the log is open, 1 after a failure, 2 when closed");

    /** All of them, in the order in which they are documented. */
    public static final List<Metric> ALL = List.of(
            RECORDS_APPENDED,
            BYTES_APPENDED,
            GREATEST_RECORD,
            BATCHES,
            APPEND_FAILURES,
            APPEND_DURATION,
            FSYNCS,
            FSYNC_DURATION,
            FSYNC_BYTES,
            COMMIT_GROUP,
            UNSYNCED_BYTES,
            UNSYNCED_AGE,
            BACK_PRESSURE_WAITS,
            WRITE_RETRIES,
            SEGMENTS,
            SEGMENT_BYTES,
            SEGMENTS_STARTED,
            SEGMENTS_DELETED,
            DELETION_DURATION,
            ROTATION_DURATION,
            SPACE_MISSES,
            SPACE_DURATION,
            COMPRESSION_IN,
            COMPRESSION_OUT,
            COMPRESSION_TIME,
            CHECKPOINT_SAVES,
            CHECKPOINT_LAG,
            CHECKPOINT_WRITES,
            CHECKPOINT_FAILURES,
            RETENTION_RUNS,
            RETENTION_FAILURES,
            RETENTION_HELD,
            SEGMENTS_ARCHIVED,
            ARCHIVE_FAILURES,
            ARCHIVE_PENDING,
            READERS_OPEN,
            RECORDS_READ,
            BYTES_READ,
            READ_FAILURES,
            CORRUPTIONS,
            RECOVERY_DURATION,
            RECOVERY_RECORDS,
            RECOVERY_SCANNED,
            RECOVERY_TRUNCATED,
            SIGNALS_DROPPED,
            STATE);

    private Metrics() {}
}
