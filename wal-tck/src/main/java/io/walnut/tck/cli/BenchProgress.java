package io.walnut.tck.cli;

import io.walnut.tck.bench.Bench;

/** Shows on the standard error how far a measurement is: a line that is drawn over, or one for each row. */
final class BenchProgress implements Bench.Listener {
    private static final int WIDTH = 24;
    private static final int LINE = 110;

    private final Terminal terminal;
    private final int runs;

    BenchProgress(Terminal terminal, int runs) {
        this.terminal = terminal;
        this.runs = runs;
    }

    @Override
    public void filling(long bytes) {
        terminal.err().println("writing what is kept, " + Human.bytes(bytes));
        terminal.err().flush();
    }

    @Override
    public void running(int row, int rows, String what, int run) {
        if (terminal.interactive()) {
            int filled = (int) (WIDTH * ((row - 1) + (double) run / (runs + 1)) / rows);
            String bar = "=".repeat(filled) + ">" + " ".repeat(Math.max(0, WIDTH - filled - 1));
            String text = "[" + bar + "] " + row + "/" + rows + "  " + what + "  "
                    + (run == 0 ? "warming up" : "run " + run + " of " + runs);
            terminal.err().print("\r" + padded(text));
        } else if (run == 0) {
            terminal.err().println("[" + row + "/" + rows + "] " + what);
        }
        terminal.err().flush();
    }

    private static String padded(String text) {
        String cut = text.substring(0, Math.min(text.length(), LINE));
        return cut + " ".repeat(LINE - cut.length());
    }

    /** It is over: leaves the line to what comes next. */
    void finish() {
        if (terminal.interactive()) {
            terminal.err().print("\r" + " ".repeat(LINE) + "\r");
            terminal.err().flush();
        }
    }
}
