package io.walnut.tck.cli;

import io.walnut.api.RecoveryReport;
import io.walnut.api.WalConfig;
import java.time.Duration;
import java.util.Locale;

/** What the demo tells while it goes on and at its end. */
final class DemoSummary {
    private final Terminal terminal;
    private final SourceText text;
    private final WalConfig config;

    DemoSummary(Terminal terminal, SourceText text, WalConfig config) {
        this.terminal = terminal;
        this.text = text;
        this.config = config;
    }

    void opening(long seed, long killAfter) {
        terminal.line("Walnut demo: append, kill, recover, prove");
        terminal.line("");
        say(
                "text",
                text.file() + ", " + (text.whole() ? "" : "its first ")
                        + Human.count(text.lines().size(), "line") + ", " + Human.bytes(text.bytes())
                        + "; appended again and again, a record a line");
        say(
                "log",
                LogOptions.where(config) + ", fsync " + config.get("wal.fsync").orElse("batch") + ", codec "
                        + config.get("wal.codec").orElse("none"));
        say(
                "seed",
                seed + ": the writing process is killed after " + Human.count(killAfter, "acknowledgement")
                        + "; --seed " + seed + " does so again");
        terminal.line("");
    }

    void killed(long pid, long killAfter, long acknowledged, int exitCode) {
        say(
                "killed",
                "process " + pid + " with SIGKILL after " + Human.count(killAfter, "acknowledgement") + "; "
                        + Human.count(acknowledged - killAfter) + " more had been reported by then; exit code "
                        + exitCode);
    }

    void recovered(RecoveryReport report) {
        String label = "recovered";
        for (String line : RecoveryLines.of(report)) {
            say(label, line);
            label = "";
        }
    }

    void closing(Replay replay, Duration writing, RecoveryReport report, boolean killed) {
        say("replayed", Human.count(replay.found(), "record") + " in " + Human.duration(replay.duration()));
        terminal.line("");
        say(
                "acknowledged",
                replay.acknowledged(),
                Human.bytes(text.bytesOf(replay.acknowledged())) + " of text in "
                        + Human.duration(writing) + ", " + Human.rate(replay.acknowledged(), writing)
                        + " (each one reported before the next)");
        say(
                "recovered",
                replay.found(),
                "in " + Human.duration(report.duration())
                        + (replay.onTheirWay() == 0 ? "" : "; one was complete but its acknowledgement not yet out"));
        say("missing", replay.missing(), "acknowledged, but not there");
        say("changed", replay.changed(), "other bytes, or another order");
        say("moved", replay.moved(), "not at the position that was acknowledged");
        say("never issued", replay.neverIssued(), "there, but never appended");
        terminal.line("");
        replay.findings().forEach(finding -> say("wrong", finding));
        if (!killed) {
            say("wrong", "the writing process was not ended by SIGKILL, so nothing was shown");
        }
        terminal.line(
                replay.holds() && killed
                        ? "PASSED      every acknowledged record is there, in order, byte for byte, and nothing was made up"
                        : "FAILED      see above; please report it with the log and the seed");
    }

    private void say(String label, String what) {
        terminal.line(String.format(Locale.ROOT, "%-12s%s", label, what));
    }

    private void say(String label, long number, String what) {
        terminal.line(String.format(Locale.ROOT, "  %-14s%12s   %s", label, Human.count(number), what)
                .stripTrailing());
    }
}
