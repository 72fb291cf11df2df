package io.walnut.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.walnut.api.RecoveryReport;
import io.walnut.spi.WalEvent;

/** Turns the opening of a log, which has a beginning and an end, into a span. */
final class Spans {
    private final Tracer tracer;
    private final Attributes attributes;

    Spans(Tracer tracer, Attributes attributes) {
        this.tracer = tracer;
        this.attributes = attributes;
    }

    void emit(WalEvent event) {
        if (event instanceof WalEvent.Recovered recovered) {
            RecoveryReport report = recovered.report();
            tracer.spanBuilder("wal.open")
                    .setNoParent()
                    .setStartTimestamp(recovered.time().minus(report.duration()))
                    .setAllAttributes(attributes)
                    .setAttribute("wal.clean", report.clean())
                    .setAttribute("wal.records", report.records())
                    .setAttribute("wal.scanned.bytes", report.bytesScanned())
                    .setAttribute("wal.truncated.bytes", report.bytesTruncated())
                    .startSpan()
                    .end(recovered.time());
        }
    }
}
