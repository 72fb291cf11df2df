package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What a command printed and how it ended.
 *
 * @param exitCode its exit code
 * @param out its standard output
 * @param err its standard error
 */
record Cli(int exitCode, String out, String err) {
    static Cli run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
        return new Cli(Main.run(terminal, texts), out.toString(), err.toString());
    }

    Cli ends(int expected) {
        assertEquals(expected, exitCode, this::toString);
        assertFalse((out + err).contains("\tat "), () -> "a stack trace for a user: " + this);
        return this;
    }

    Cli prints(String... expected) {
        for (String each : expected) {
            assertTrue(out.contains(each), () -> "no '" + each + "' in " + this);
        }
        return this;
    }

    Cli complains(String... expected) {
        for (String each : expected) {
            assertTrue(err.contains(each), () -> "no '" + each + "' in " + this);
        }
        return this;
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
