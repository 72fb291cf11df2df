package io.walnut.tck.cli;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: finds the command that was asked for, runs it and ends with its exit code. */
@Command(
        name = "walnut",
        description = "Looks into write-ahead logs, checks them, and shows what they survive.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "'walnut COMMAND --help' tells more of a command."})
public final class Main extends Tool {
    private static final Logger ENGINE_LOG = Logger.getLogger("io.walnut");

    Main(Terminal terminal) {
        super(terminal);
    }

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        ENGINE_LOG.setLevel(Level.OFF); // a tool reports by its own output
        System.exit(run(Terminal.system(), args));
    }

    static int run(Terminal terminal, String... args) {
        CommandLine commandLine = new CommandLine(new Main(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new DumpCommand(terminal))
                .addSubcommand(new TailCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal))
                .addSubcommand(new StatCommand(terminal))
                .addSubcommand(new RepairCommand(terminal))
                .addSubcommand(new SalvageCommand(terminal))
                .addSubcommand(new BackupCommand(terminal))
                .addSubcommand(new RestoreCommand(terminal))
                .addSubcommand(new ImportCommand(terminal))
                .addSubcommand(new PluginsCommand(terminal))
                .addSubcommand(new ConfigCommand(terminal))
                .addSubcommand(new MetricsCommand(terminal))
                .addSubcommand(new TckCommand(terminal))
                .addSubcommand(new BenchCommand(terminal))
                .addSubcommand(new CrashCommand(terminal))
                .addSubcommand(new InstallCommand(terminal))
                .addSubcommand(new DemoWriterCommand(terminal));
        int exitCode = commandLine
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setUsageHelpAutoWidth(terminal.interactive())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler(Failures::execution)
                .execute(args);
        boolean written = !terminal.out().checkError(); // flushes; a print writer throws nothing
        if (!written) {
            terminal.err()
                    .println("walnut: the output could not be written to its end; is the disk full, or did the program"
                            + " that reads it end?");
        }
        terminal.err().flush();
        return written ? exitCode : Math.max(exitCode, FAILED);
    }

    @Override
    public Integer call() {
        throw new BadInputException("a command is missing: say which, like 'walnut demo'; 'walnut --help' lists them");
    }
}
