package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
