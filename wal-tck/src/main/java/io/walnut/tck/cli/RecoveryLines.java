package io.walnut.tck.cli;

import io.walnut.api.RecoveryReport;
import io.walnut.api.RecoveryReport.Truncation;
import java.util.ArrayList;
import java.util.List;

/** A recovery report for a person. */
final class RecoveryLines {
    private RecoveryLines() {}

    static List<String> of(RecoveryReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(report.clean() ? "the log had been closed in order" : "the log had not been closed");
        lines.add("scanned " + report.segmentsScanned() + " of "
                + Human.count(report.segments(), "segment") + ", "
                + Human.bytes(report.bytesScanned()) + ", in " + Human.duration(report.duration()));
        lines.add("found " + Human.count(report.records(), "record")
                + (report.records() == 0
                        ? ""
                        : ", sequence " + Human.count(report.firstSequence()) + " to "
                                + Human.count(report.lastSequence()))
                + ", end " + report.end());
        report.truncation().ifPresent(cut -> lines.add(describe(cut)));
        lines.addAll(report.notes());
        return lines;
    }

    private static String describe(Truncation cut) {
        return "behind " + cut.position() + " in " + cut.file() + " are " + Human.bytes(cut.bytes())
                + " that cannot be read as a part of the log: " + cut.why()
                + cut.quarantine().map(kept -> "; kept in " + kept).orElse("");
    }
}
