package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a log from a backup. */
@Command(
        name = "restore",
        description =
                "Copies a backup, or an archive, to a new directory and verifies every record of the copy, which is then a log"
                        + " to be opened, with the same positions and checkpoints. The backup is only read.")
final class RestoreCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "The new directory; nothing may be there.")
    Path target = Path.of("");

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Keep only what was appended before this time, like 2026-11-30T12:00:00Z.")
    @Nullable
    Instant until;

    RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException(target + " is there already; give a new directory");
        }
        WalConfig config = log.config();
        Position before = null;
        try (Wal backup = log.open(config)) {
            before = until == null ? null : lastBefore(backup, until);
            backup.backup(target);
        }
        WalConfig restored = Elsewhere.of(config).toBuilder()
                .set("wal.dir", target.toString())
                .recovery("default")
                .build();
        if (before != null) {
            try (Wal wal = Wal.open(restored)) {
                wal.truncateAfter(before);
            }
        }
        return verify(restored);
    }

    private static Position lastBefore(Wal backup, Instant time) {
        Position next = backup.positionAt(time);
        long sequence = backup.recovery().lastSequence();
        try (WalReader reader = backup.read(next)) {
            if (reader.next()) {
                sequence = reader.sequence() - 1;
            }
        }
        if (sequence < backup.recovery().firstSequence() || backup.recovery().records() == 0) {
            throw new BadInputException("--until " + time + ": the backup holds no record from before that time");
        }
        return backup.positionOf(sequence);
    }

    private int verify(WalConfig restored) {
        List<String> damage = new ArrayList<>();
        long records = 0;
        try (Wal wal = Wal.openReadOnly(restored)) {
            for (SegmentInfo segment : wal.segments()) {
                SegmentCheck check = SegmentCheck.of(wal, segment);
                records += check.read();
                check.problems().forEach(problem -> damage.add(segment.name() + ": " + problem));
            }
            terminal.out().println(Human.count(records, "record") + " restored to " + target + ", up to " + wal.end());
        }
        damage.forEach(each -> terminal.out().println("damage: " + each));
        terminal.out()
                .println(
                        damage.isEmpty()
                                ? "ok: all intact"
                                : "DAMAGED: the backup is damaged; take another one, or salvage what is intact");
        return damage.isEmpty() ? OK : FAILED;
    }
}
