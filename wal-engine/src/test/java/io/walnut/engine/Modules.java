package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Compiles the modules under {@code src/test/plugins} as strangers would, and runs programs in a JVM of their own. */
final class Modules {
    private static final Path SOURCES = Path.of("src", "test", "plugins");

    private Modules() {}

    /** Builds a module as a jar, which also has its META-INF/services. */
    static Path jar(String name, String modulePath, Path target) throws IOException {
        Path classes = Files.createDirectories(target.resolve(name + "-classes"));
        List<String> arguments =
                new ArrayList<>(List.of("-d", classes.toString(), "-p", modulePath, "--release", "17"));
        List<Path> resources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES.resolve(name))) {
            files.filter(Files::isRegularFile).forEach(file -> {
                if (file.toString().endsWith(".java")) {
                    arguments.add(file.toString());
                } else {
                    resources.add(file);
                }
            });
        }
        tool("javac", arguments);
        for (Path resource : resources) {
            Path copy =
                    classes.resolve(SOURCES.resolve(name).relativize(resource).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(resource, copy);
        }
        Path jar = target.resolve(name + ".jar");
        tool("jar", List.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."));
        return jar;
    }

    static void tool(String name, List<String> arguments) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status = ToolProvider.findFirst(name).orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        assertEquals(0, status, () -> name + ": " + said);
    }

    /** Runs a JVM and gives what it printed. */
    static String java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** {@return where the JVM that runs the tests has a library from} */
    static String library(String namePart) {
        String all = System.getProperty("java.class.path", "")
                + File.pathSeparator
                + System.getProperty("jdk.module.path", "");
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(each -> each.contains(namePart))
                .findFirst()
                .orElseThrow(() -> new AssertionError(namePart + " is not in " + all));
    }

    static String path(Object... elements) {
        return String.join(
                File.pathSeparator,
                Arrays.stream(elements).map(Object::toString).toList());
    }
}
