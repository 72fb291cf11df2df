package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was measured on.
 *
 * @param jdk name and version of the virtual machine
 * @param os name, version and architecture
 * @param processor what it calls itself; empty if it does not
 * @param cores how many the JVM may use
 * @param fileSystem the type of the file system of the directory
 */
public record Machine(String jdk, String os, String processor, int cores, String fileSystem) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    static Machine of(Path directory) throws IOException {
        return new Machine(
                property("java.vm.name") + " " + property("java.runtime.version"),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                model(),
                Runtime.getRuntime().availableProcessors(),
                Files.getFileStore(directory).type());
    }

    private static String property(String name) {
        return System.getProperty(name, "");
    }

    private static String model() {
        try {
            return Files.readAllLines(CPU_INFO).stream()
                    .filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    /** {@return a line for a person} */
    public String text() {
        return jdk + ", " + os + ", " + (processor.isEmpty() ? "" : processor + ", ") + cores
                + (cores == 1 ? " core, " : " cores, ") + fileSystem;
    }
}
