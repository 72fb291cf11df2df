package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a log consists of. */
@Command(
        name = "stat",
        description =
                "Prints the segments of a log, totals, checkpoints, and what opening it would find. Changes nothing, and can be"
                        + " used beside a live writer.")
final class StatCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, or json: one JSON object. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    StatCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        WalConfig config = log.config();
        PrintWriter out = terminal.out();
        List<String> logs = log.logsInside(config);
        if (!logs.isEmpty()) {
            return group(config, logs);
        }
        try (Wal wal = log.open(config)) {
            if (format == Format.JSON) {
                JsonReport.print(out, json(config, wal));
                return OK;
            }
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

    private int group(WalConfig root, List<String> names) throws IOException {
        Table table = new Table("log", ">records", ">segments", ">size", "from", "to");
        List<Map<String, Object>> logs = new ArrayList<>();
        for (String name : names) {
            WalConfig config = root.toBuilder()
                    .set(
                            "wal.dir",
                            Path.of(LogOptions.where(root)).resolve(name).toString())
                    .build();
            try (Wal wal = log.open(config)) {
                List<SegmentInfo> segments = wal.segments();
                long bytes = segments.stream().mapToLong(SegmentInfo::bytes).sum();
                table.row(
                        name,
                        Human.count(wal.recovery().records()),
                        Human.count(segments.size()),
                        Human.bytes(bytes),
                        wal.start(),
                        wal.end());
                logs.add(json(config, wal));
            }
        }
        if (format == Format.JSON) {
            JsonReport.print(terminal.out(), Map.of("group", LogOptions.where(root), "logs", logs));
        } else {
            terminal.out().println("group     " + LogOptions.where(root));
            table.print(terminal.out());
        }
        return OK;
    }

    private static Map<String, Object> json(WalConfig config, Wal wal) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("log", LogOptions.where(config));
        json.put("records", wal.recovery().records());
        json.put("firstSequence", wal.recovery().firstSequence());
        json.put("lastSequence", wal.recovery().lastSequence());
        json.put("bytes", wal.segments().stream().mapToLong(SegmentInfo::bytes).sum());
        json.put("start", wal.start());
        json.put("end", wal.end());
        json.put("clean", wal.recovery().clean());
        json.put("bytesTruncated", wal.recovery().bytesTruncated());
        json.put("notes", wal.recovery().notes());
        json.put("checkpoints", checkpoints(wal));
        json.put("segments", wal.segments().stream().map(StatCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(SegmentInfo segment) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", segment.number());
        json.put("file", segment.name());
        json.put("start", segment.start());
        json.put("end", segment.end());
        json.put("firstSequence", segment.firstSequence());
        json.put("records", segment.records());
        json.put("bytes", segment.bytes());
        json.put("sealed", segment.sealed());
        json.put("created", segment.created());
        json.put("lastTimestamp", segment.lastTimestamp());
        return json;
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
