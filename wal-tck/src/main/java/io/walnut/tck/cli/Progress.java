package io.walnut.tck.cli;

import java.time.Duration;
import java.util.Locale;

/** Shows how far something is: a bar where a person watches, otherwise a line at each quarter. */
final class Progress {
    private static final int WIDTH = 30;
    private static final int LOOK_EVERY = 256;
    private static final long REDRAW_NANOS = 50_000_000;

    private final Terminal terminal;
    private final String label;
    private final long total;
    private final long start = System.nanoTime();
    private long drawn = start;
    private int quarters;

    Progress(Terminal terminal, String label, long total) {
        this.terminal = terminal;
        this.label = label;
        this.total = Math.max(1, total);
    }

    /** So much of the total is done. Cheap enough to be told of every record. */
    void at(long done) {
        if (!terminal.interactive()) {
            while (quarters < 3 && done * 4 >= total * (quarters + 1)) {
                quarters++;
                terminal.line(String.format(Locale.ROOT, "%-12s%3d %%  %s", label, quarters * 25, Human.count(done)));
            }
            return;
        }
        if (done % LOOK_EVERY == 0 && System.nanoTime() - drawn > REDRAW_NANOS) {
            drawn = System.nanoTime();
            draw(done);
        }
    }

    private void draw(long done) {
        int filled = (int) Math.min(WIDTH, done * WIDTH / total);
        String bar = "=".repeat(filled) + (filled < WIDTH ? ">" : "") + " ".repeat(Math.max(0, WIDTH - filled - 1));
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        terminal.out()
                .print(String.format(
                        Locale.ROOT,
                        "\r%-12s[%s] %3d %%  %s  %s ",
                        label,
                        bar,
                        Math.min(100, done * 100 / total),
                        Human.count(done),
                        Human.rate(done, elapsed)));
        terminal.out().flush();
    }

    /** It is over: leaves the line to what comes next. */
    void finish() {
        if (terminal.interactive()) {
            terminal.out().print("\r" + " ".repeat(WIDTH + 48) + "\r");
        }
    }
}
