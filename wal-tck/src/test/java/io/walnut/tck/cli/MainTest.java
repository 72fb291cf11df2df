package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void shouldListTheCommandsButNotTheHiddenOne() {
        Cli help = Cli.run("--help")
                .ends(0)
                .prints("demo", "dump", "verify", "stat", "bench", "crash", "plugins", "config", "metrics");
        assertFalse(help.out().contains(DemoWriterCommand.NAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "dump", "verify", "stat", "bench", "crash", "plugins", "config", "metrics"})
    void shouldDocumentTheExitCodesOfEachCommand(String command) {
        Cli.run(command, "--help")
                .ends(0)
                .prints("Usage: walnut " + command, "Exit codes:", "  0   ", "  1   ", "  2   ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "dump", "verify", "stat", "bench", "crash", "plugins", "config", "metrics"})
    void shouldSayWhatIsWrongWithAnUnknownOption(String command) {
        Cli.run(command, "--sett", "a=b")
                .ends(2)
                .complains("walnut " + command, "--sett", "walnut " + command + " --help");
    }

    @Test
    void shouldAskForACommand() {
        Cli.run().ends(2).complains("a command is missing", "walnut --help");
    }

    @Test
    void shouldSuggestTheCommandThatWasMeant() {
        Cli.run("verfy", "somewhere").ends(2).complains("verfy", "verify");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dump somewhere --format xml | expected one of text, json",
                "dump somewhere --bytes octal | expected one of auto, base64, hex",
                "bench --scale large | expected one of tiny, small, full, huge",
                "bench --keep -1 | is negative",
                "plugins --set foo | option '--set'"
            })
    void shouldNameTheChoicesAsTheyAreTyped(String command, String message) {
        Cli.run((Object[]) command.split(" ")).ends(2).complains(message);
    }

    @Test
    void shouldInstallACommandWithItsCompletionAndManual(@TempDir Path temp) throws Exception {
        Path bin = temp.resolve("bin");
        Cli.run("install", "--to", bin).ends(0).prints("command     " + bin.resolve("walnut"));
        assertTrue(Files.isExecutable(bin.resolve("walnut")));
        assertEquals(0, sh("sh", "-n", bin.resolve("walnut").toString()));
        assertEquals(0, sh("bash", "-n", bin.resolve("walnut-completion.bash").toString()));
        String completion = Files.readString(bin.resolve("walnut-completion.bash"));
        assertTrue(completion.contains("salvage") && completion.contains("--dry-run"));
        String manual = Files.readString(bin.resolve("walnut.txt"));
        assertTrue(manual.contains("Usage: walnut salvage") && manual.contains("Usage: walnut restore"), manual);
        assertFalse(manual.contains(DemoWriterCommand.NAME));
    }

    private static int sh(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void shouldTellItsVersion() {
        Cli.run("--version").ends(0).prints("walnut ");
    }

    @Test
    void shouldShowAStackTraceOnlyWhenAsked() {
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false);

        assertEquals(2, Main.run(terminal, "stat", "no-such-directory", "--stacktrace"));

        assertTrue(err.toString().contains("\tat io.walnut.tck.cli."), err::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldAskWhichLog(String command) {
        Cli.run(command).ends(2).complains("which log?", "wal.dir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldSayThatThereIsNoSuchDirectory(String command) {
        Cli.run(command, "no-such-directory").ends(2).complains("there is no directory no-such-directory");
    }
}
