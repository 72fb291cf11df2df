package io.walnut.tck.cli;

import io.walnut.api.PositionUnavailableException;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells users what went wrong, in a line or a few, and gives the exit code. */
final class Failures {
    private static final Pattern CONSTANTS =
            Pattern.compile("expected one of \\[([A-Z0-9_, ]+)\\] \\(case-insensitive\\)");

    private Failures() {}

    static int usage(ParameterException e, String[] args) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        String command = commandLine.getCommandSpec().qualifiedName();
        err.println(command + ": " + readable(String.valueOf(e.getMessage())));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("'" + command + " --help' tells what can be said.");
        return Tool.USAGE;
    }

    /** The library names the constants of an enum as they are in Java, and says a word twice. */
    private static String readable(String message) {
        return CONSTANTS
                .matcher(message.replace("option option", "option"))
                .replaceAll(found -> "expected one of " + found.group(1).toLowerCase(Locale.ROOT));
    }

    static int execution(Exception e, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        commandLine.getOut().flush();
        err.println(commandLine.getCommandSpec().qualifiedName() + ": " + message(e));
        Tool tool = commandLine.getCommand();
        if (tool.stacktrace) {
            e.printStackTrace(err);
        }
        boolean badInput = e instanceof BadInputException
                || e instanceof WalConfigException
                || e instanceof PositionUnavailableException;
        return badInput ? Tool.USAGE : Tool.FAILED;
    }

    private static String message(Exception e) {
        if (e instanceof BadInputException || e instanceof UnfinishedException || e instanceof WalException) {
            return String.valueOf(e.getMessage());
        }
        return e instanceof IOException
                ? "reading or writing failed: " + e
                : "this should not happen: " + e + "; --stacktrace tells where, please report it";
    }
}
