package io.walnut.tck.cli;

import io.walnut.tck.crash.Tally;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells now and then how far a campaign is: drawn over where a person watches, else a line every ten seconds. */
final class CrashProgress {
    private final Terminal terminal;
    private final Tally tally;
    private final Duration total;
    private final long start = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "crash-progress");
        thread.setDaemon(true);
        return thread;
    });

    private CrashProgress(Terminal terminal, Tally tally, Duration total) {
        this.terminal = terminal;
        this.tally = tally;
        this.total = total;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    static CrashProgress start(Terminal terminal, Tally tally, Duration total) {
        CrashProgress progress = new CrashProgress(terminal, tally, total);
        int seconds = terminal.interactive() ? 1 : 10;
        progress.timer.scheduleAtFixedRate(progress::tell, seconds, seconds, TimeUnit.SECONDS);
        return progress;
    }

    private void tell() {
        String line =
                String.format(Locale.ROOT, "%5d s of %d s  %s", elapsed().toSeconds(), total.toSeconds(), speed());
        if (terminal.interactive()) {
            terminal.out().print("\r" + line + "  ");
            terminal.out().flush();
        } else {
            terminal.line(line);
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** {@return how many states so far, and how many a second} */
    String speed() {
        double seconds = Math.max(1, elapsed().toMillis()) / 1000.0;
        return String.format(
                Locale.ROOT,
                "%,d crash states, %,.0f a second; %,d faults, %,d damaged logs",
                tally.states(),
                tally.states() / seconds,
                tally.faults(),
                tally.damages());
    }

    void finish() {
        timer.shutdownNow();
        if (terminal.interactive()) {
            terminal.line("");
        }
    }
}
