package io.walnut.engine;

import java.io.File;
import java.io.IOException;
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

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
