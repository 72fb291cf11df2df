package io.walnut.tck.cli;

import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        WalConfig config = log.config();
        List<String> damage = new ArrayList<>();
        try (Wal wal = openOrTell(config, damage)) {
            for (String line : RecoveryLines.of(wal.recovery())) {
                terminal.out().println(line);
            }
            long records = verify(wal, config, damage);
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
            terminal.out().println("opening is refused; verifying what lies before the damage");
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
            table.row(
                    segment.number(),
                    segment.name(),
                    Human.count(segment.records()),
                    Human.count(check.read()),
                    deleted ? "deleted meanwhile" : check.problems().isEmpty() ? "ok" : "DAMAGED");
        }
        table.print(terminal.out());
        return read;
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
                + " could be read. Restore the damaged files from a copy.");
        return FAILED;
    }
}
