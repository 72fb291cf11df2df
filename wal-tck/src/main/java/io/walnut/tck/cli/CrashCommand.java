package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider;
import io.walnut.tck.crash.ConfiguredSubject;
import io.walnut.tck.crash.CrashCampaign;
import io.walnut.tck.crash.CrashReplay;
import io.walnut.tck.crash.CrashViolation;
import io.walnut.tck.crash.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Crashes a configured log on a simulated disk for as long as wanted. */
@Command(
        name = "crash",
        description =
                "Runs random workloads on a simulated disk, cuts the power after every operation, kills the process,"
                        + " has calls fail and damages files, and checks what is recovered. Segments are small, whatever the"
                        + " configuration says. Every violation is printed with the command that repeats it.")
final class CrashCommand extends Tool {
    private static final Logger LOGS = Logger.getLogger("io.walnut");

    @Option(names = "--minutes", paramLabel = "N", description = "How long. Default: ${DEFAULT-VALUE}.")
    double minutes = 1;

    @Option(names = "--seed", paramLabel = "S", description = "For the same workloads again. Default: a random one.")
    @Nullable
    Long seed;

    @Option(names = "--replay", paramLabel = "TOKEN", description = "Repeat what a violation told, and nothing else.")
    @Nullable
    String replay;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    CrashCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        LOGS.setLevel(Level.OFF); // thousands of injected failures
        WalConfig config = options.configElsewhere(Map.of("wal.dir", "simulated"));
        BackendProvider backend = Backend.of(config);
        String name = options.file == null ? "default" : String.valueOf(options.file.getFileName());
        try {
            backend.check(config.toBuilder().storage("memory").build());
            new ConfiguredSubject(name, backend, config);
        } catch (UnsupportedOperationException e) {
            throw new BadInputException(String.valueOf(e.getMessage()));
        }
        Tally tally = new Tally();
        return replay == null ? campaign(name, backend, config, tally) : replay(replay, name, backend, config, tally);
    }

    private int replay(String token, String name, BackendProvider backend, WalConfig config, Tally tally) {
        try {
            CrashReplay.run(token, any -> new ConfiguredSubject(name, backend, config), tally);
        } catch (CrashViolation e) {
            terminal.line(String.valueOf(e.getMessage()));
            terminal.line("FAILED: it happens again");
            return FAILED;
        } catch (IllegalArgumentException e) {
            throw new BadInputException("--replay: " + e.getMessage());
        }
        terminal.line("PASSED: no rule is broken there");
        return OK;
    }

    private int campaign(String name, BackendProvider backend, WalConfig config, Tally tally)
            throws InterruptedException {
        if (!(minutes > 0) || minutes > Duration.ofDays(365).toMinutes()) {
            throw new BadInputException("--minutes: has to be more than nothing, and no more than a year");
        }
        long from = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 31);
        Duration time = Duration.ofNanos((long) (minutes * Duration.ofMinutes(1).toNanos()));
        terminal.line("seed        " + from);
        terminal.line("config      " + name + " " + config.toMap());
        CrashCampaign campaign =
                new CrashCampaign(List.of(name), any -> new ConfiguredSubject(name, backend, config), from, tally);
        CrashProgress progress = CrashProgress.start(terminal, tally, time);
        campaign.run(time, Long.MAX_VALUE);
        progress.finish();
        List<CrashViolation> violations = campaign.violations();
        for (CrashViolation each : violations) {
            terminal.line("");
            terminal.line(String.valueOf(each.getMessage()));
            terminal.line("again with  " + command(each.replay()));
        }
        terminal.line("tried       " + tally);
        terminal.line("speed       " + progress.speed());
        if (violations.isEmpty() && !tally.untried().isEmpty()) {
            terminal.line(
                    "FAILED: there was no time for " + String.join(", ", tally.untried()) + "; give more --minutes");
            return FAILED;
        }
        terminal.line(
                (violations.isEmpty() ? "PASSED" : "FAILED") + ": " + Human.count(violations.size(), "broken rule"));
        return violations.isEmpty() ? OK : FAILED;
    }

    private String command(String token) {
        StringBuilder command = new StringBuilder("java -jar wal-tck-*-all.jar crash");
        if (options.file != null) {
            command.append(" --config '").append(options.file).append('\'');
        }
        if (options.pluginPath != null) {
            command.append(" --plugin-path '").append(options.pluginPath).append('\'');
        }
        options.set.forEach((key, value) -> command.append(" --set '" + key + "=" + value + "'"));
        return command.append(" --replay '").append(token).append('\'').toString();
    }
}
