package io.walnut.tck.cli;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads everything and tells what is damaged. */
@Command(
        name = "verify",
        description =
                "Reads every record of every segment and compares what is there with what the segments say. Changes"
                        + " nothing, and can be used beside a live writer.")
final class VerifyCommand extends Tool {
    private static final String RECOVERY = "wal.recovery";

    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, or json: one JSON object. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    private final List<Map<String, Object>> segments = new ArrayList<>();

    VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        WalConfig config = log.config();
        List<String> damage = new ArrayList<>();
        try (Wal wal = openOrTell(config, damage)) {
            RecoveryLines.of(wal.recovery()).forEach(this::tell);
            long records = verify(wal, config, damage);
            if (format == Format.JSON) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("log", LogOptions.where(config));
                json.put("intact", damage.isEmpty());
                json.put("records", records);
                json.put("damage", damage);
                json.put("segments", segments);
                JsonReport.print(terminal.out(), json);
                return damage.isEmpty() ? OK : FAILED;
            }
            return verdict(wal.segments().size(), records, damage);
        }
    }

    /** Opens as it would be opened for writing; where that is refused, opens what lies before the damage. */
    private Wal openOrTell(WalConfig config, List<String> damage) {
        boolean lenient = config.get(RECOVERY).orElse("").equals("truncate");
        try {
            return log.open(lenient ? config.toBuilder().recovery("default").build() : config);
        } catch (WalCorruptException refused) {
            damage.add(String.valueOf(refused.getMessage()));
            tell("opening is refused; verifying what lies before the damage");
            try {
                return log.open(config.toBuilder().recovery("truncate").build());
            } catch (WalCorruptException | BadInputException e) {
                throw refused; // nothing lies before it
            }
        }
    }

    /** Reads each segment. What the writer beside it deletes meanwhile is no damage. */
    long verify(Wal wal, WalConfig config, List<String> damage) {
        Table table = new Table(">segment", "file", ">records", ">read", "result");
        long read = 0;
        for (SegmentInfo segment : wal.segments()) {
            SegmentCheck check = SegmentCheck.of(wal, segment);
            read += check.read();
            boolean deleted = check.gone() && wasRemoved(segment, config);
            if (!deleted) {
                check.problems().forEach(problem -> damage.add(segment.name() + ": " + problem));
            }
            String result = deleted ? "deleted meanwhile" : check.problems().isEmpty() ? "ok" : "DAMAGED";
            segments.add(Map.of(
                    "number", segment.number(),
                    "file", segment.name(),
                    "records", segment.records(),
                    "read", check.read(),
                    "result", result));
            table.row(
                    segment.number(),
                    segment.name(),
                    Human.count(segment.records()),
                    Human.count(check.read()),
                    result);
        }
        if (format == Format.TEXT) {
            table.print(terminal.out());
        }
        return read;
    }

    private void tell(String line) {
        if (format == Format.TEXT) {
            terminal.out().println(line);
        }
    }

    /** Asks the log, as it is now, whether a segment that could not be read was deleted or truncated meanwhile. */
    private static boolean wasRemoved(SegmentInfo segment, WalConfig config) {
        try (Wal now = Wal.openReadOnly(config)) {
            return now.segments().stream()
                    .noneMatch(each -> each.number() == segment.number() && each.records() >= segment.records());
        } catch (WalCorruptException e) {
            try (Wal now =
                    Wal.openReadOnly(config.toBuilder().recovery("truncate").build())) {
                return segment.number() < now.start().segment();
            } catch (WalCorruptException nothingLeft) {
                return false;
            }
        }
    }

    private int verdict(int segments, long records, List<String> damage) {
        PrintWriter out = terminal.out();
        String what = Human.count(records, "record") + " in " + Human.count(segments, "segment");
        if (damage.isEmpty()) {
            out.println("ok: " + what + ", all intact");
            return OK;
        }
        damage.forEach(each -> out.println("damage: " + each));
        out.println("DAMAGED: " + Human.count(damage.size(), "problem") + "; " + what
                + " could be read. Restore the damaged files from a copy, or salvage what is intact.");
        return FAILED;
    }
}
