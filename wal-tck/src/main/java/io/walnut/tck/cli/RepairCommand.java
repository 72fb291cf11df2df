package io.walnut.tck.cli;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.spi.Salvager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a damaged log one that opens and can be read to its end, by dropping everything behind the first damage. */
@Command(
        name = "repair",
        description =
                "Reads the whole log and reports what is damaged. Keeps what lies before the first damage and drops"
                        + " everything behind it, also records that are intact: those are dropped only with --yes, and"
                        + " 'salvage' copies them to a new log instead. The files as they were are kept in the directory"
                        + " before-repair-N of the log. Close the log before.")
final class RepairCommand extends Tool {
    private static final String KEPT = "before-repair-";

    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--dry-run",
            description = "Report what would be kept and what would be dropped, and change nothing.")
    boolean dryRun;

    @Option(names = "--yes", description = "Drop records that were acknowledged, if that is what it takes.")
    boolean yes;

    @Option(names = "--discard", description = "Do not keep the files as they were.")
    boolean discard;

    RepairCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        WalConfig config = log.config();
        if (!(Backend.of(config) instanceof Salvager salvager)) {
            throw new BadInputException("this backend cannot repair");
        }
        requireLog(config);
        RepairPlan plan = RepairPlan.of(config, salvager);
        plan.lines().forEach(terminal.out()::println);
        if (!plan.needed()) {
            return leaveOrCut(plan, config);
        }
        if (plan.last().isEmpty()) {
            terminal.out().println("REFUSED: nothing would be kept; use salvage. Nothing was changed");
            return FAILED;
        }
        if (dryRun) {
            terminal.out().println("nothing was changed");
            return OK;
        }
        if (plan.dropped() > 0 && !yes) {
            terminal.out().println("REFUSED: records would be dropped; say --yes, or use salvage. Nothing was changed");
            return FAILED;
        }
        repair(plan, config);
        RepairPlan after = RepairPlan.of(config, salvager);
        boolean whole = !after.needed() && after.kept() == plan.kept();
        terminal.out()
                .println(
                        whole
                                ? "repaired: " + Human.count(after.kept(), "record") + ", all intact"
                                : "NOT REPAIRED: " + String.join("; ", after.lines()));
        return whole ? OK : FAILED;
    }

    private void requireLog(WalConfig config) {
        try {
            log.open(lenient(config)).close();
        } catch (WalCorruptException e) {
            // there is one, of which nothing valid lies before the damage
        }
    }

    private int leaveOrCut(RepairPlan plan, WalConfig config) {
        if (plan.torn() && !dryRun) {
            try (Wal wal = Wal.open(Elsewhere.of(config))) {
                RecoveryLines.of(wal.recovery()).forEach(terminal.out()::println);
            }
        }
        terminal.out()
                .println(
                        plan.torn()
                                ? "nothing was damaged; opening the log cuts off an append that was never completed"
                                : "nothing is damaged, and nothing was changed");
        return OK;
    }

    private void repair(RepairPlan plan, WalConfig config) throws IOException {
        Path kept = discard ? null : keep(Path.of(LogOptions.where(config)));
        try (Wal wal = Wal.open(Elsewhere.of(lenient(config)))) {
            if (plan.inside()) {
                wal.truncateAfter(plan.last().orElseThrow());
            }
        }
        if (kept != null) {
            terminal.out()
                    .println("the files as they were are in " + kept + "; delete it when it is not needed any more");
        }
    }

    private static WalConfig lenient(WalConfig config) {
        return config.toBuilder().recovery("truncate").build();
    }

    /** Links take no space, and a log changes no file in place that has another name. */
    private static @Nullable Path keep(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return null; // its storage is no directory
        }
        int number = 1;
        while (Files.exists(directory.resolve(KEPT + number))) {
            number++;
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(each -> Files.isRegularFile(each) && !each.endsWith("LOCK"))
                    .forEach(files::add);
        }
        Path kept = Files.createDirectory(directory.resolve(KEPT + number));
        for (Path file : files) {
            Path copy = kept.resolve(file.getFileName());
            try {
                Files.createLink(copy, file);
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(file, copy);
            }
        }
        return kept;
    }
}
