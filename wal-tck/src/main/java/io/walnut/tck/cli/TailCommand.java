package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what comes. */
@Command(
        name = "tail",
        description =
                "Prints records as they are appended, beside the live writer, and with --events what happens to the"
                        + " segments. Looks again and again, and each time reads the segment that is being appended to."
                        + " Changes nothing; ends by Ctrl-C.")
final class TailCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            converter = PositionConverter.class,
            description = "Start at this position; 0:0 is the oldest record. Default: at the end.")
    @Nullable
    Position from;

    @Option(names = "--events", description = "Print what happens to the segments too.")
    boolean events;

    @Option(names = "--events-only", description = "Print nothing else.")
    boolean eventsOnly;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, or json: one JSON object per line. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    @Option(
            names = "--bytes",
            defaultValue = "auto",
            description = "How keys and values are printed, as for dump. Default: ${DEFAULT-VALUE}.")
    BytesFormat bytes = BytesFormat.AUTO;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N records.")
    long limit = Long.MAX_VALUE;

    @Option(names = "--looks", paramLabel = "N", description = "Stop after looking N times.")
    long looks = Long.MAX_VALUE;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to wait between two looks. Default: ${DEFAULT-VALUE}.")
    double interval = 1;

    private final Clock clock = Clock.systemUTC();
    private long printed;

    TailCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (limit < 0 || looks < 1 || interval <= 0) {
            throw new BadInputException("--limit is not negative, --looks at least 1, --interval more than 0");
        }
        try (RecordPrinter printer = format == Format.JSON
                ? new JsonPrinter(terminal.out(), bytes)
                : new TextPrinter(terminal.out(), bytes)) {
            LogTail tail = null;
            boolean more = limit > 0;
            for (long look = 0; more && look < looks; look++) {
                if (look > 0) {
                    TimeUnit.NANOSECONDS.sleep(
                            Duration.ofNanos((long) (interval * 1e9)).toNanos());
                }
                try (Wal wal = log.open()) {
                    tail = tail == null ? new LogTail(from == null ? wal.end() : from, records(printer), told()) : tail;
                    more = tail.look(wal);
                }
                terminal.out().flush();
                more &= !terminal.out().checkError();
            }
        }
        return OK;
    }

    private LogTail.Records records(RecordPrinter printer) {
        return entry -> {
            if (!eventsOnly) {
                printer.print(entry);
            }
            return ++printed < limit;
        };
    }

    private Consumer<String> told() {
        return events || eventsOnly
                ? event -> terminal.out().println("-- " + clock.instant() + " " + event)
                : event -> {};
    }
}
