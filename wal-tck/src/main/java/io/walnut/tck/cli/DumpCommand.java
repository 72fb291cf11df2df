package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints records. */
@Command(
        name = "dump",
        description =
                "Prints the records of a log, one line each, oldest first. Changes nothing, and can be used beside"
                        + " a live writer.")
final class DumpCommand extends Tool {
    private static final int LINES_BETWEEN_CHECKS = 1000;

    /** How a record is printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, or json: one JSON object per line. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    @Option(
            names = "--bytes",
            defaultValue = "auto",
            description =
                    "How keys and values are printed: auto (as text where they are printable UTF-8, else encoded),"
                            + " base64, hex. Default: ${DEFAULT-VALUE}.")
    BytesFormat bytes = BytesFormat.AUTO;

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            converter = PositionConverter.class,
            description = "Start at this position, like 3:4168. Default: at the oldest record.")
    Position from = Position.START;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N records.")
    long limit = Long.MAX_VALUE;

    DumpCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (limit < 0) {
            throw new BadInputException("--limit " + limit + " is negative; give the greatest number of records");
        }
        try (Wal wal = log.open();
                WalReader reader = wal.read(from);
                RecordPrinter printer = printer()) {
            for (long printed = 0; printed < limit && reader.next(); printed++) {
                printer.print(reader.entry());
                if (printed % LINES_BETWEEN_CHECKS == 0 && terminal.out().checkError()) {
                    break; // whoever read this has seen enough
                }
            }
        }
        return OK;
    }

    private RecordPrinter printer() throws IOException {
        return format == Format.JSON ? new JsonPrinter(terminal.out(), bytes) : new TextPrinter(terminal.out(), bytes);
    }
}
