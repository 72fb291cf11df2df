package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output that cannot be written is a failure of every command. */
class OutputTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "dump LOG",
                "dump LOG --format json",
                "tail LOG --from 0:0 --looks 1",
                "verify LOG",
                "stat LOG",
                "repair LOG",
                "salvage LOG --to NEW",
                "backup LOG --to NEW",
                "plugins",
                "config",
                "config --markdown",
                "metrics",
                "metrics --markdown"
            })
    void shouldFailOnAFullDevice(String command) throws IOException {
        Assumptions.assumeTrue(Files.exists(FULL), "this system has no /dev/full");
        Logs.write(temp.resolve("log"), 3);
        try (OutputStream full = Files.newOutputStream(FULL)) {
            assertFails(command, full);
        }
    }

    @Test
    void shouldFailOnAClosedPipe() throws IOException {
        Logs.write(temp.resolve("log"), 200);
        PipedOutputStream pipe = new PipedOutputStream();
        new PipedInputStream(pipe).close();
        assertFails("dump LOG", pipe);
        assertFails("tail LOG --from 0:0", pipe); // and ends by itself
    }

    private void assertFails(String command, OutputStream out) {
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), new PrintWriter(err), false);
        String[] args = command.replace("LOG", temp.resolve("log").toString())
                .replace("NEW", temp.resolve("new").toString())
                .split(" ");
        assertEquals(1, Main.run(terminal, args), () -> command + ": " + err);
        assertTrue(err.toString().contains("could not be written"), err::toString);
    }
}
