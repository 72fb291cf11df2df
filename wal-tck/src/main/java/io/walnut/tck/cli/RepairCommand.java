package io.walnut.tck.cli;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a damaged log one that opens, by keeping what is valid before the damage. */
@Command(
        name = "repair",
        description =
                "Opens the log with wal.recovery=truncate: keeps what is valid before the first damage, moves the rest to"
                        + " its directory quarantine, and tells what it did. To keep what lies behind the damage too, use"
                        + " salvage instead.")
final class RepairCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    RepairCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        WalConfig config = log.config().toBuilder().recovery("truncate").build();
        log.open(config).close();
        try (Wal wal = Wal.open(config)) {
            RecoveryLines.of(wal.recovery()).forEach(terminal.out()::println);
        }
        return OK;
    }
}
