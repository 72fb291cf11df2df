package io.walnut.engine.log;

import io.walnut.api.RecoveryReport;
import io.walnut.api.SegmentInfo;
import io.walnut.spi.Metrics;
import java.util.List;

/** What a log knows of itself anyway, and tells a meter that asks. */
final class LogMetrics {
    private LogMetrics() {}

    static void pull(
            Telemetry telemetry, Appender appender, SegmentCatalog catalog, RecoveryReport report, Failure failure) {
        telemetry.pullEach(Metrics.RECORDS_APPENDED, target -> {
            AppendCounts.Totals totals = appender.totals();
            target.value(totals.puts(), List.of("put"));
            target.value(totals.deletes(), List.of("delete"));
        });
        telemetry.pullEach(Metrics.BYTES_APPENDED, target -> {
            AppendCounts.Totals totals = appender.totals();
            target.value(totals.putBytes(), List.of("put"));
            target.value(totals.deletedBytes(), List.of("delete"));
            target.value(totals.controlBytes(), List.of("control"));
        });
        telemetry.pull(Metrics.GREATEST_RECORD, () -> appender.totals().greatestRecord());
        telemetry.pull(Metrics.BATCHES, () -> appender.totals().batches());
        telemetry.pull(Metrics.UNSYNCED_BYTES, appender::unsyncedBytes);
        telemetry.pull(Metrics.UNSYNCED_AGE, appender::unsyncedNanos);
        telemetry.pull(Metrics.SEGMENTS, () -> catalog.all().size());
        telemetry.pull(
                Metrics.SEGMENT_BYTES,
                () -> appender.segments().infos().stream()
                        .mapToLong(SegmentInfo::bytes)
                        .sum());
        telemetry.pull(Metrics.SEGMENTS_STARTED, appender::segmentsTaken);
        telemetry.pull(Metrics.RECOVERY_RECORDS, report::records);
        telemetry.pull(Metrics.RECOVERY_SCANNED, report::bytesScanned);
        telemetry.pull(Metrics.RECOVERY_TRUNCATED, report::bytesTruncated);
        telemetry.pull(Metrics.STATE, failure::code);
    }
}
