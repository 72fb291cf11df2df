package io.walnut.tck.cli;

import io.walnut.api.Damage;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.spi.Salvager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies what is intact of a damaged log to a new one. */
@Command(
        name = "salvage",
        description =
                "Copies every record of a damaged log that is intact into a new directory, and the checkpoints, and reports"
                        + " what is missing. The damaged log is only read; close it before.")
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
        report.damage().forEach(each -> terminal.out().println(line(each)));
        report.notes().forEach(note -> terminal.out().println("note: " + note));
        terminal.out()
                .println(Human.count(report.records(), "record") + " copied to " + target
                        + (report.damage().isEmpty() ? "; nothing is missing" : "; " + missing(report.damage())));
        return report.damage().isEmpty() ? OK : FAILED;
    }

    private static String line(Damage damage) {
        String what = damage.nextSequence() == 0
                ? "unknown: whether there was anything from sequence " + Human.count(damage.firstSequence()) + " on"
                : damage.missing() == 1
                        ? "missing: sequence " + Human.count(damage.firstSequence())
                        : "missing: sequences " + Human.count(damage.firstSequence()) + " to "
                                + Human.count(damage.nextSequence() - 1);
        return what + "; damage in " + damage.file() + " from offset " + damage.offset() + " on: " + damage.why();
    }

    private static String missing(List<Damage> damage) {
        long missing = damage.stream().mapToLong(Damage::missing).sum();
        boolean known = damage.stream().allMatch(each -> each.nextSequence() > 0);
        return (known ? "" : "at least ") + Human.count(missing, "record") + " missing";
    }

    private void checkEmpty() {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new BadInputException(target + " is not a directory; give a new directory");
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
