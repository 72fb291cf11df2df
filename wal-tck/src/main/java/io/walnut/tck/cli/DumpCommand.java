package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Start at the first record that is stamped at or after this time, like 2026-11-30T12:00:00Z.")
    @Nullable
    Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Leave out records that are stamped at or after this time.")
    @Nullable
    Instant until;

    @Option(names = "--key", paramLabel = "TEXT", description = "Print only records with this key, in UTF-8.")
    @Nullable
    String key;

    @Option(names = "--last", paramLabel = "N", description = "Start N records before the end.")
    @Nullable
    Long last;

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
        if (last != null && last < 0) {
            throw new BadInputException("--last " + last + " is negative; give a number of records");
        }
        ByteBuffer wanted = key == null ? null : ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
        try (Wal wal = log.open();
                WalReader reader = wal.read(start(wal));
                RecordPrinter printer = printer()) {
            for (long printed = 0; printed < limit && reader.next(); ) {
                if (wanted != null && !wanted.equals(reader.key())
                        || until != null && !reader.timestamp().isBefore(until)) {
                    continue;
                }
                printer.print(reader.entry());
                if (printed++ % LINES_BETWEEN_CHECKS == 0 && terminal.out().checkError()) {
                    break; // whoever read this has seen enough
                }
            }
        }
        return OK;
    }

    /** The latest of the places that were asked for. */
    private Position start(Wal wal) {
        Position start = from;
        if (since != null) {
            start = later(start, wal.positionAt(since));
        }
        if (last != null) {
            RecoveryReport found = wal.recovery();
            long first = Math.max(found.firstSequence(), found.lastSequence() - last + 1);
            start = later(start, first > found.lastSequence() || first == 0 ? wal.end() : wal.positionOf(first));
        }
        return start;
    }

    private static Position later(Position one, Position other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private RecordPrinter printer() throws IOException {
        return format == Format.JSON ? new JsonPrinter(terminal.out(), bytes) : new TextPrinter(terminal.out(), bytes);
    }
}
