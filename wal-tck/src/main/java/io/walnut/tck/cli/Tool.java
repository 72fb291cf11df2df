package io.walnut.tck.cli;

import io.walnut.spi.PluginProvider;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** What all commands have in common. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Tool.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it worked, and what was checked holds",
            "1:what was checked does not hold, or the work or its output could not be completed",
            "2:what was asked for cannot be: an option, a file or a configuration is wrong"
        })
abstract class Tool implements Callable<Integer> {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    final Terminal terminal;

    @Option(
            names = "--stacktrace",
            description = "Print the stack trace of a failure, for those who mend this program.")
    boolean stacktrace;

    Tool(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The version of the jar that this runs from. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"walnut " + PluginProvider.versionOf(Tool.class)};
        }
    }
}
