package io.walnut.tck.strangers;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A project of somebody else's: its modules, built against the packaged jars alone, as named modules. */
public final class Stranger {
    private static final String PUBLISHED =
            "(wal-(api|spi|tck)|junit-.*|opentest4j.*|open-test-reporting.*|apiguardian.*|jspecify.*|jakarta\\.inject.*"
                    + "|h2-mvstore)-[0-9][^/]*\\.jar";

    private final Path sources;
    private final Path target;

    private Stranger(Path sources, Path target) {
        this.sources = sources;
        this.target = target;
    }

    /** Builds its main module, which then can be used as a plugin directory. */
    public static Stranger build(String name, Path target) throws IOException {
        Stranger stranger = new Stranger(Path.of("src", "test", "strangers", name), target.resolve(name));
        stranger.compile("main", published());
        return stranger;
    }

    /** {@return the directory of its main module} */
    public Path main() {
        return target.resolve("main");
    }

    /** Copies a published jar, for a plugin that brings its libraries. */
    public void bring(String library) throws IOException {
        Path jar = Stream.of(published().split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(library))
                .findFirst()
                .orElseThrow();
        Files.copy(jar, main().resolve(jar.getFileName()));
    }

    /** Compiles its test module. */
    void compileTests() throws IOException {
        compile("test", main() + File.pathSeparator + published());
    }

    /** Runs tests of its test module, and gives the directory with what JUnit reports. */
    Path test(String classes, String methods) throws IOException, InterruptedException {
        Path reports = Files.createTempDirectory(target, "reports");
        Path log = Files.createTempFile(target, "output", ".txt");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-p",
                target.resolve("test") + File.pathSeparator + main() + File.pathSeparator + published(),
                "--add-modules",
                "ALL-MODULE-PATH",
                "-m",
                "org.junit.platform.console/org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--select-module=" + moduleOf("test"),
                "--include-classname=" + classes,
                "--include-methodname=" + methods,
                "--disable-banner",
                "--details=summary",
                "--reports-dir=" + reports);
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (reports.toFile().list().length == 0) {
            throw new AssertionError(Files.readString(log));
        }
        return reports;
    }

    /** {@return the simple names of the classes of its test module that match} */
    List<String> testClasses(Pattern name) throws IOException {
        try (Stream<Path> files = Files.walk(sources.resolve("test"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".java"))
                    .map(file -> file.replace(".java", ""))
                    .filter(name.asMatchPredicate())
                    .sorted()
                    .toList();
        }
    }

    private String moduleOf(String part) throws IOException {
        return Files.readString(sources.resolve(part).resolve("module-info.java"))
                .replaceAll("(?s).*module ([\\w.]+) \\{.*", "$1");
    }

    private void compile(String part, String modulePath) throws IOException {
        Path from = sources.resolve(part);
        Path to = target.resolve(part);
        List<String> arguments = new ArrayList<>(
                List.of("-p", modulePath, "-d", to.toString(), "-proc:none", "-encoding", "UTF-8", "--release", "17"));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (file.toString().endsWith(".java")) {
                    arguments.add(file.toString());
                } else {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        int exitCode =
                ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        if (exitCode != 0) {
            throw new AssertionError(output.toString());
        }
    }

    private static String published() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().matches(PUBLISHED))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
