package io.walnut.engine;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** JVMs beside this one, with the same class path. */
final class Children {
    private Children() {}

    /** {@return the command of a JVM that runs a main class of the tests} */
    static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file", ""),
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", ""),
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        if (Runtime.version().feature() >= 23) {
            command.add(
                    1, "--sun-misc-unsafe-memory-access=allow"); // the portable classes run here, even on newer JDKs
        }
        return command;
    }

    /** {@return the same as text for a shell} */
    static String shell(Class<?> main, String... arguments) {
        return "'" + String.join("' '", command(main, arguments)) + "'";
    }

    /** What a child said: how many appends it had acknowledged when it ended or was killed, and the other lines. */
    record Said(long acknowledged, List<String> other) {}

    /** Something to do while a child appends. */
    interface Meanwhile {
        void at(Process child, long acknowledged) throws Exception;
    }

    /** Reads what a child says until it ends. */
    static Said hear(Process child, long before, Meanwhile meanwhile) throws Exception {
        long acknowledged = before;
        List<String> other = new ArrayList<>();
        try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("acknowledged ")) {
                    acknowledged = Long.parseLong(line.substring(13));
                    meanwhile.at(child, acknowledged);
                } else {
                    other.add(line);
                }
            }
        }
        return new Said(acknowledged, other);
    }

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
