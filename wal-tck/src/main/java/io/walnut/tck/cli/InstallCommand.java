package io.walnut.tck.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what makes the jar a command. */
@Command(
        name = "install",
        description =
                "Writes the command 'walnut', which runs this jar, its completion for bash and zsh, and a manual in plain text,"
                        + " into a directory.")
final class InstallCommand extends Tool {
    private static final String LAUNCHER = """
            #!/bin/sh
            # Runs Walnut's command-line tools. JAVA_HOME chooses the Java, WALNUT_OPTS are options for it.
            exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" $WALNUT_OPTS -jar 'JAR' "$@"
            """;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description =
                    "A directory, best on the PATH; created if it is not there. Its files of these names are replaced.")
    Path target = Path.of("");

    @Spec
    @Nullable
    CommandSpec spec;

    InstallCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run as a command");
        }
        CommandLine root = spec.root().commandLine();
        Path jar = jar();
        Files.createDirectories(target);
        Path launcher = Files.writeString(
                target.resolve("walnut"), LAUNCHER.replace("JAR", jar.toString().replace("'", "'\\''")));
        if (launcher.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path completion =
                Files.writeString(target.resolve("walnut-completion.bash"), AutoComplete.bash("walnut", root));
        Path manual = Files.writeString(target.resolve("walnut.txt"), manual(root));
        terminal.out().println("command     " + launcher + ", runs " + jar);
        terminal.out().println("completion  . " + completion + ", in the shell's start file");
        terminal.out().println("manual      " + manual);
        return OK;
    }

    /** {@return where this program is: the jar, or a directory of classes while it is developed} */
    private static Path jar() {
        try {
            return Path.of(InstallCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new UnfinishedException("the place of this jar cannot be told: " + e.getMessage());
        }
    }

    private static String manual(CommandLine root) {
        StringBuilder manual = new StringBuilder(root.getUsageMessage());
        for (CommandLine each : root.getSubcommands().values()) {
            if (!each.getCommandSpec().usageMessage().hidden()) {
                manual.append("\n\n").append(each.getUsageMessage());
            }
        }
        return manual.toString();
    }
}
