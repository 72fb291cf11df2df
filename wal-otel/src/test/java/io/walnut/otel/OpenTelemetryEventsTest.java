package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.spi.Meter.Instruments;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTelemetryEventsTest {
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.123456789Z");
    private static final Position POSITION = new Position(3, 4168);

    private final InMemoryLogRecordExporter exporter = InMemoryLogRecordExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
                    .build())
            .build();
    private final Instruments instruments = new OpenTelemetryMeter(sdk).attach(new Totals("orders", "node-1"));

    @AfterEach
    void shutDown() {
        sdk.close();
    }

    @Test
    void shouldReportARolledSegment() {
        instruments.event(new WalEvent.SegmentRolled(TIME, POSITION, 2, 1 << 20, Duration.ofMillis(2)));

        LogRecordData entry = onlyEntry("wal.segment_rolled", Severity.INFO);
        assertAttributes(Map.of("wal.segment", 2L, "wal.bytes", 1L << 20, "wal.duration", 0.002), entry);
    }

    @Test
    void shouldWarnOfStalls() {
        instruments.event(
                new WalEvent.Stalled(TIME, POSITION, WalEvent.Stalled.Cause.BACK_PRESSURE, 7, Duration.ofMillis(40)));

        LogRecordData entry = onlyEntry("wal.stalled", Severity.WARN);
        assertAttributes(Map.of("wal.cause", "back_pressure", "wal.appends", 7L, "wal.duration", 0.04), entry);
    }

    @Test
    void shouldReportDamage() {
        instruments.event(new WalEvent.Corrupted(TIME, POSITION, "0000000003.wal", "the checksum does not hold"));

        LogRecordData entry = onlyEntry("wal.corrupted", Severity.ERROR);
        assertAttributes(Map.of("wal.file", "0000000003.wal", "wal.why", "the checksum does not hold"), entry);
    }

    @Test
    void shouldReportDeletedSegments() {
        instruments.event(new WalEvent.SegmentsDeleted(TIME, POSITION, 4, 99));

        LogRecordData entry = onlyEntry("wal.segments_deleted", Severity.INFO);
        assertAttributes(Map.of("wal.segments", 4L, "wal.bytes", 99L), entry);
    }

    @Test
    void shouldReportARemovedSuffix() {
        instruments.event(new WalEvent.SuffixRemoved(TIME, POSITION, 41, 2));

        LogRecordData entry = onlyEntry("wal.suffix_removed", Severity.INFO);
        assertAttributes(Map.of("wal.sequence", 41L, "wal.segments", 2L), entry);
    }

    @Test
    void shouldReportARetriedAppend() {
        instruments.event(new WalEvent.WriteRetried(TIME, POSITION, Duration.ofMillis(20), "no space"));

        LogRecordData entry = onlyEntry("wal.write_retried", Severity.WARN);
        assertAttributes(Map.of("wal.duration", 0.02, "wal.why", "no space"), entry);
    }

    @Test
    void shouldReportAnArchivedSegment() {
        instruments.event(new WalEvent.SegmentArchived(TIME, POSITION, 3, 99, Duration.ofMillis(250)));

        LogRecordData entry = onlyEntry("wal.segment_archived", Severity.INFO);
        assertAttributes(Map.of("wal.segment", 3L, "wal.bytes", 99L, "wal.duration", 0.25), entry);
    }

    @Test
    void shouldReportAFailureInTheBackground() {
        instruments.event(new WalEvent.UpkeepFailed(
                TIME, POSITION, WalEvent.UpkeepFailed.Task.RETENTION, new java.io.IOException("no")));

        LogRecordData entry = onlyEntry("wal.upkeep_failed", Severity.WARN);
        assertEquals("retention", entry.getAttributes().get(AttributeKey.stringKey("wal.task")));
        assertEquals("no", entry.getAttributes().get(AttributeKey.stringKey("exception.message")));
    }

    @Test
    void shouldReportDamagedCheckpoints() {
        instruments.event(new WalEvent.CheckpointsDamaged(TIME, POSITION, true, "both copies are damaged"));

        LogRecordData entry = onlyEntry("wal.checkpoints_damaged", Severity.WARN);
        assertAttributes(Map.of("wal.lost", true, "wal.why", "both copies are damaged"), entry);
    }

    @Test
    void shouldReportARecovery() {
        instruments.event(new WalEvent.Recovered(
                TIME,
                POSITION,
                new RecoveryReport(
                        false,
                        5,
                        2,
                        4096,
                        1000,
                        1,
                        1000,
                        POSITION,
                        Optional.of(truncation(Optional.empty())),
                        List.of(),
                        Duration.ofMillis(1500))));

        LogRecordData entry = onlyEntry("wal.recovered", Severity.INFO);
        assertAttributes(
                Map.of(
                        "wal.clean",
                        false,
                        "wal.segments",
                        5L,
                        "wal.scanned.segments",
                        2L,
                        "wal.scanned.bytes",
                        4096L,
                        "wal.truncated.bytes",
                        17L,
                        "wal.records",
                        1000L,
                        "wal.duration",
                        1.5),
                entry);
    }

    @Test
    void shouldWarnOfATruncation() {
        instruments.event(new WalEvent.Truncated(TIME, POSITION, truncation(Optional.of("quarantine/3-4168"))));

        LogRecordData entry = onlyEntry("wal.truncated", Severity.WARN);
        assertAttributes(
                Map.of(
                        "wal.file",
                        "0000000003.wal",
                        "wal.bytes",
                        17L,
                        "wal.why",
                        "a torn frame",
                        "wal.quarantine",
                        "quarantine/3-4168"),
                entry);
    }

    @Test
    void shouldReportAFailureWithItsCause() {
        instruments.event(new WalEvent.Failed(TIME, POSITION, new IOException("device gone")));

        LogRecordData entry = onlyEntry("wal.failed", Severity.ERROR);
        assertEquals("java.io.IOException", entry.getAttributes().get(AttributeKey.stringKey("exception.type")));
        assertEquals("device gone", entry.getAttributes().get(AttributeKey.stringKey("exception.message")));
    }

    @Test
    void shouldLeaveOutSingleForces() {
        instruments.event(new WalEvent.Fsynced(TIME, POSITION, 100, Duration.ofNanos(85_000)));
        assertTrue(exporter.getFinishedLogRecordItems().isEmpty());
    }

    @Test
    void shouldReportSingleForcesWhenAskedTo() {
        new OpenTelemetryMeter(() -> sdk, true)
                .attach(new Totals("orders", "node-1"))
                .event(new WalEvent.Fsynced(TIME, POSITION, 100, Duration.ofNanos(85_000)));

        LogRecordData entry = onlyEntry("wal.fsynced", Severity.DEBUG);
        assertAttributes(Map.of("wal.bytes", 100L, "wal.duration", 0.000_085), entry);
    }

    @Test
    void shouldIgnoreAnEventThatItDoesNotKnow() {
        record OfTheFuture(Instant time, Position position) implements WalEvent {}

        instruments.event(new OfTheFuture(TIME, POSITION));
        instruments.event(new WalEvent.SegmentRolled(TIME, POSITION, 2, 0, Duration.ZERO));

        onlyEntry("wal.segment_rolled", Severity.INFO);
    }

    private static RecoveryReport.Truncation truncation(Optional<String> quarantine) {
        return new RecoveryReport.Truncation(POSITION, "0000000003.wal", 17, "a torn frame", quarantine);
    }

    private LogRecordData onlyEntry(String name, Severity severity) {
        assertEquals(1, exporter.getFinishedLogRecordItems().size());
        LogRecordData entry = exporter.getFinishedLogRecordItems().get(0);
        assertEquals(name, entry.getEventName());
        assertEquals(severity, entry.getSeverity());
        assertEquals(TIME.getEpochSecond() * 1_000_000_000 + TIME.getNano(), entry.getTimestampEpochNanos());
        assertEquals("io.walnut", entry.getInstrumentationScopeInfo().getName());
        assertEquals("orders", entry.getAttributes().get(AttributeKey.stringKey("wal.name")));
        assertEquals("node-1", entry.getAttributes().get(AttributeKey.stringKey("wal.node.id")));
        assertEquals("3:4168", entry.getAttributes().get(AttributeKey.stringKey("wal.position")));
        return entry;
    }

    /** Beyond those that every event has. */
    private static void assertAttributes(Map<String, Object> expected, LogRecordData entry) {
        Map<String, Object> particular = entry.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(attribute -> attribute.getKey().getKey(), Map.Entry::getValue));
        particular.keySet().removeAll(List.of("wal.name", "wal.node.id", "wal.position"));
        assertEquals(expected, particular);
    }
}
