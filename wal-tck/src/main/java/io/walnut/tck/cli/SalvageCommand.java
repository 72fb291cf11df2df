package io.walnut.tck.cli;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.spi.Salvager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies what is intact of a damaged log to a new one. */
@Command(
        name = "salvage",
        description =
                "Copies every record of a damaged log that is intact into a new directory, and tells what is missing. The"
                        + " damaged log is only read; close it before.")
final class SalvageCommand extends Tool {
    @Mixin
    LogOptions log = new LogOptions();

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "The new directory, empty or not there.")
    Path target = Path.of("");

    SalvageCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        WalConfig config = log.config();
        if (!(Backend.of(config) instanceof Salvager salvager)) {
            throw new BadInputException("this backend cannot salvage");
        }
        checkEmpty();
        Salvager.Report report;
        try (Wal wal = Wal.open(Elsewhere.of(config).toBuilder()
                .set("wal.dir", target.toString())
                .build())) {
            report = salvager.salvage(config, wal);
        }
        for (Salvager.Gap gap : report.gaps()) {
            terminal.out()
                    .println("missing: " + missing(gap) + ", from offset " + gap.offset() + " of " + gap.file() + ": "
                            + gap.why());
        }
        terminal.out()
                .println(Human.count(report.records(), "record") + " copied to " + target
                        + (report.gaps().isEmpty()
                                ? "; nothing is missing"
                                : "; " + Human.count(report.gaps().size(), "gap")));
        return report.gaps().isEmpty() ? OK : FAILED;
    }

    private static String missing(Salvager.Gap gap) {
        return gap.nextSequence() == 0
                ? "sequences from " + Human.count(gap.firstSequence()) + " on"
                : "sequences " + Human.count(gap.firstSequence()) + " to " + Human.count(gap.nextSequence() - 1);
    }

    private void checkEmpty() {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> files = Files.list(target)) {
            if (files.findAny().isPresent()) {
                throw new BadInputException(target + " is not empty; give a new directory");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
