package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints what a log consists of. */
@Command(
        name = "stat",
        description =
                "Prints the segments of a log, totals, checkpoints, and what opening it would find. Changes nothing, and can be"
                        + " used beside a live writer.")
final class StatCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    StatCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        WalConfig config = log.config();
        PrintWriter out = terminal.out();
        try (Wal wal = log.open(config)) {
            List<SegmentInfo> segments = wal.segments();
            long records = segments.stream().mapToLong(SegmentInfo::records).sum();
            long bytes = segments.stream().mapToLong(SegmentInfo::bytes).sum();
            out.println("log       " + LogOptions.where(config));
            out.println("holds     " + Human.count(records, "record") + " in " + Human.count(segments.size(), "segment")
                    + ", " + Human.bytes(bytes));
            out.println("reaches   from " + wal.start() + " to " + wal.end());
            String label = "recovery  ";
            for (String line : RecoveryLines.of(wal.recovery())) {
                out.println(label + line);
                label = " ".repeat(label.length());
            }
            checkpoints(wal).forEach((name, position) -> out.println("consumer  " + name + " at " + position));
            if (!segments.isEmpty()) {
                out.println();
                table(segments).print(out);
            }
        }
        return OK;
    }

    private static Map<String, Position> checkpoints(Wal wal) {
        try {
            return wal.checkpoints().all();
        } catch (WalException e) {
            if (e.reason() == WalException.Reason.UNSUPPORTED) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Table table(List<SegmentInfo> segments) {
        Table table = new Table(
                ">segment",
                "file",
                ">first sequence",
                ">records",
                ">size",
                "state",
                "checksum",
                "created",
                "last record");
        for (SegmentInfo segment : segments) {
            table.row(
                    segment.number(),
                    segment.name(),
                    Human.count(segment.firstSequence()),
                    Human.count(segment.records()),
                    Human.bytes(segment.bytes()),
                    segment.sealed() ? "sealed" : "open",
                    segment.checksum().isPresent()
                            ? String.format(
                                    Locale.ROOT, "%08x", segment.checksum().getAsInt())
                            : "-",
                    segment.created().truncatedTo(ChronoUnit.SECONDS),
                    segment.lastTimestamp()
                            .map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString())
                            .orElse("-"));
        }
        return table;
    }
}
