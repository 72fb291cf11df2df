package io.walnut.tck.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command prints. Always UTF-8, whatever the locale, because other programs read it.
 *
 * @param out for results
 * @param err for what went wrong
 * @param interactive whether a person watches, so that a line may be drawn over
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
    static Terminal system() {
        return new Terminal(writer(FileDescriptor.out), writer(FileDescriptor.err), isInteractive());
    }

    private static PrintWriter writer(FileDescriptor to) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), StandardCharsets.UTF_8), false);
    }

    @SuppressWarnings("SystemConsoleNull") // null on JDK 17; where it is not, isTerminal is there to be asked
    private static boolean isInteractive() {
        Console console = System.console();
        String term = System.getenv("TERM");
        if (console == null || term == null || term.equals("dumb") || System.getenv("CI") != null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Prints a line and shows it at once. */
    void line(String text) {
        out.println(text);
        out.flush();
    }
}
