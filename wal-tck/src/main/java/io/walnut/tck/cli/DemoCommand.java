package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a log is for: writes, is killed, recovers, replays, and proves that nothing acknowledged was lost. */
@Command(
        name = "demo",
        description = "Appends the lines of a file from a child process, kills that with SIGKILL, recovers the log, and"
                + " proves line by line that everything that was acknowledged is there.")
final class DemoCommand extends Tool {
    private static final int KILLED = 137;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Any text file. Default: the LICENSE or README.md of this checkout.")
    @Nullable
    Path file;

    private volatile @Nullable ChildWriter running;

    @Mixin
    DemoOptions options = new DemoOptions();

    DemoCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        SourceText text = SourceText.read(file != null ? file : SourceText.find(Path.of("")));
        check(options.config(Path.of(".")));
        long seed = options.seed();
        long killAfter = options.killAfter(seed, text, options.config(Path.of(".")));
        Path log = options.prepareDirectory();
        boolean holds = false;
        Thread ifStopped = new Thread(() -> stop(log), "walnut-demo-cleanup");
        Runtime.getRuntime().addShutdownHook(ifStopped);
        try {
            holds = run(text, options.config(log), seed, killAfter);
        } finally {
            Runtime.getRuntime().removeShutdownHook(ifStopped);
            boolean keep = options.kept() || !holds;
            terminal.line(
                    keep
                            ? "log         kept in " + log + ", for the commands stat, dump and verify"
                            : "log         was in " + log + ", deleted; --keep keeps it");
            if (!keep) {
                delete(log);
            }
        }
        return holds ? OK : FAILED;
    }

    /** As by Ctrl-C: nothing is left behind. */
    private void stop(Path log) {
        try {
            ChildWriter child = running;
            if (child != null) {
                child.kill();
                child.awaitExit();
                child.close();
            }
            if (!options.kept() && Files.exists(log)) {
                delete(log);
            }
        } catch (IOException e) {
            terminal.err().println("the log in " + log + " could not be deleted: " + e);
            terminal.err().flush();
        }
    }

    private static void check(WalConfig config) {
        BackendProvider backend = Backend.of(config);
        backend.check(config);
        if (!config.get("wal.storage").orElse("file").equals("file")) {
            throw new BadInputException("wal.storage: a killed process leaves something behind in 'file' only");
        }
    }

    private boolean run(SourceText text, WalConfig config, long seed, long killAfter) throws IOException {
        DemoSummary summary = new DemoSummary(terminal, text, config);
        summary.opening(seed, killAfter);
        Acknowledgements acknowledged = new Acknowledgements();
        Duration writing;
        int exitCode;
        try (ChildWriter child = ChildWriter.start(text, config)) {
            running = child;
            writing = killAfter(child, killAfter, acknowledged);
            exitCode = child.awaitExit();
            if (acknowledged.count() < killAfter) {
                throw new UnfinishedException("the child process ended by itself with exit code " + exitCode + " after "
                        + Human.count(acknowledged.count(), "acknowledgement") + ": " + child.errors());
            }
            summary.killed(child.pid(), killAfter, acknowledged.count(), exitCode);
        }
        boolean killed = exitCode == KILLED || isWindows();
        RecoveryReport report;
        Replay replay;
        try (Wal wal = Wal.open(config)) {
            report = wal.recovery();
            summary.recovered(report);
            replay = Replay.of(wal, text, acknowledged, new Progress(terminal, "replaying", acknowledged.count()));
        }
        summary.closing(replay, writing, report, killed);
        return replay.holds() && killed;
    }

    /** Reads acknowledgements, kills when there are enough, and reads those that had been reported until then. */
    private Duration killAfter(ChildWriter child, long killAfter, Acknowledgements acknowledged) throws IOException {
        Progress progress = new Progress(terminal, "appending", killAfter);
        long start = System.nanoTime();
        Position position = child.nextAcknowledgement();
        while (position != null) {
            if (acknowledged.count() == 0) {
                start = System.nanoTime();
            }
            acknowledged.add(position);
            progress.at(acknowledged.count());
            if (acknowledged.count() == killAfter) {
                child.kill();
            }
            position = child.nextAcknowledgement();
        }
        progress.finish();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
    }

    static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
