package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a log, also one that is in use. */
@Command(
        name = "backup",
        description =
                "Copies a log to a new directory, also while another process appends to it. The log is only read. The"
                        + " directory appears when the copy is complete.")
final class BackupCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "The new directory; nothing may be there.")
    Path target = Path.of("");

    BackupCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException(target + " is there already; give a new directory");
        }
        WalConfig config = log.config();
        try (Wal wal = log.open(config)) {
            Position end = wal.backup(target);
            terminal.out()
                    .println(Human.count(wal.recovery().records(), "record") + " copied to " + target + ", up to "
                            + end);
        }
        return OK;
    }
}
