package io.walnut.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.walnut.api.RecoveryReport;
import io.walnut.spi.WalEvent;
import java.time.Duration;
import java.util.Locale;

/** Turns a log's events into log records. */
final class EventLog {
    private final Logger logger;
    private final Attributes attributes;
    private final boolean fsyncEvents;

    EventLog(Logger logger, Attributes attributes, boolean fsyncEvents) {
        this.logger = logger;
        this.attributes = attributes;
        this.fsyncEvents = fsyncEvents;
    }

    void emit(WalEvent event) {
        if (event instanceof WalEvent.Recovered recovered) {
            emit(recovered);
        } else if (event instanceof WalEvent.Truncated truncated) {
            emit(truncated);
        } else if (event instanceof WalEvent.SegmentRolled rolled) {
            begin(event, "wal.segment_rolled", Severity.INFO)
                    .setAttribute("wal.segment", rolled.segment())
                    .setAttribute("wal.bytes", rolled.bytes())
                    .setAttribute("wal.duration", seconds(rolled.duration()))
                    .emit();
        } else if (event instanceof WalEvent.Fsynced fsynced) {
            emit(fsynced);
        } else if (event instanceof WalEvent.SegmentsDeleted deleted) {
            begin(event, "wal.segments_deleted", Severity.INFO)
                    .setAttribute("wal.segments", deleted.segments())
                    .setAttribute("wal.bytes", deleted.bytes())
                    .emit();
        } else if (event instanceof WalEvent.SuffixRemoved removed) {
            begin(event, "wal.suffix_removed", Severity.INFO)
                    .setAttribute("wal.sequence", removed.lastSequence())
                    .setAttribute("wal.segments", removed.segments())
                    .emit();
        } else if (event instanceof WalEvent.WriteRetried retried) {
            begin(event, "wal.write_retried", Severity.WARN)
                    .setAttribute("wal.duration", seconds(retried.pause()))
                    .setAttribute("wal.why", retried.why())
                    .emit();
        } else if (event instanceof WalEvent.SegmentArchived archived) {
            begin(event, "wal.segment_archived", Severity.INFO)
                    .setAttribute("wal.segment", archived.segment())
                    .setAttribute("wal.bytes", archived.bytes())
                    .setAttribute("wal.duration", seconds(archived.duration()))
                    .emit();
        } else if (event instanceof WalEvent.UpkeepFailed failed) {
            begin(event, "wal.upkeep_failed", Severity.WARN)
                    .setAttribute("wal.task", failed.task().name().toLowerCase(Locale.ROOT))
                    .setException(failed.cause())
                    .emit();
        } else if (event instanceof WalEvent.CheckpointsDamaged damaged) {
            begin(event, "wal.checkpoints_damaged", Severity.WARN)
                    .setAttribute("wal.lost", damaged.lost())
                    .setAttribute("wal.why", damaged.problem())
                    .emit();
        } else if (event instanceof WalEvent.Stalled stalled) {
            begin(event, "wal.stalled", Severity.WARN)
                    .setAttribute("wal.cause", stalled.cause().name().toLowerCase(Locale.ROOT))
                    .setAttribute("wal.appends", stalled.appends())
                    .setAttribute("wal.duration", seconds(stalled.longest()))
                    .emit();
        } else if (event instanceof WalEvent.CheckpointLapsed lapsed) {
            begin(event, "wal.checkpoint_lapsed", Severity.WARN)
                    .setAttribute("wal.checkpoint", lapsed.checkpoint())
                    .setAttribute("wal.saved", lapsed.saved().toString())
                    .emit();
        } else if (event instanceof WalEvent.ClockSuspect suspect) {
            begin(event, "wal.clock_suspect", Severity.WARN)
                    .setAttribute("wal.why", suspect.problem())
                    .emit();
        } else if (event instanceof WalEvent.Corrupted corrupted) {
            begin(event, "wal.corrupted", Severity.ERROR)
                    .setAttribute("wal.file", corrupted.file())
                    .setAttribute("wal.why", corrupted.problem())
                    .emit();
        } else if (event instanceof WalEvent.Failed failed) {
            begin(event, "wal.failed", Severity.ERROR)
                    .setException(failed.cause())
                    .emit();
        }
    }

    private void emit(WalEvent.Recovered recovered) {
        RecoveryReport report = recovered.report();
        begin(recovered, "wal.recovered", Severity.INFO)
                .setAttribute("wal.clean", report.clean())
                .setAttribute("wal.segments", report.segments())
                .setAttribute("wal.scanned.segments", report.segmentsScanned())
                .setAttribute("wal.scanned.bytes", report.bytesScanned())
                .setAttribute("wal.truncated.bytes", report.bytesTruncated())
                .setAttribute("wal.records", report.records())
                .setAttribute("wal.duration", seconds(report.duration()))
                .emit();
    }

    private void emit(WalEvent.Truncated truncated) {
        RecoveryReport.Truncation truncation = truncated.truncation();
        LogRecordBuilder entry = begin(truncated, "wal.truncated", Severity.WARN)
                .setAttribute("wal.file", truncation.file())
                .setAttribute("wal.bytes", truncation.bytes())
                .setAttribute("wal.why", truncation.why());
        truncation.quarantine().ifPresent(where -> entry.setAttribute("wal.quarantine", where));
        entry.emit();
    }

    private void emit(WalEvent.Fsynced fsynced) {
        if (fsyncEvents) {
            begin(fsynced, "wal.fsynced", Severity.DEBUG)
                    .setAttribute("wal.bytes", fsynced.bytes())
                    .setAttribute("wal.duration", seconds(fsynced.duration()))
                    .emit();
        }
    }

    private LogRecordBuilder begin(WalEvent event, String name, Severity severity) {
        return logger.logRecordBuilder()
                .setEventName(name)
                .setSeverity(severity)
                .setTimestamp(event.time())
                .setAllAttributes(attributes)
                .setAttribute("wal.position", event.position().toString());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
