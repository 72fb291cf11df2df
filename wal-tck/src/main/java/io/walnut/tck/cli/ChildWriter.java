package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.WalConfig;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A child JVM that appends until it is killed, and what it reports. */
final class ChildWriter implements AutoCloseable {
    private final Process process;
    private final Path errors;
    private final InputStream reports;

    private ChildWriter(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.reports = new BufferedInputStream(process.getInputStream(), 1 << 16);
    }

    static ChildWriter start(SourceText text, WalConfig config) throws IOException {
        Path errors = Files.createTempFile("walnut-demo-", ".err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath(), Main.class.getName(), DemoWriterCommand.NAME));
        command.add(text.file().toString());
        config.toMap().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectError(errors.toFile())
                .start();
        return new ChildWriter(process, errors);
    }

    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(property -> System.getProperty(property, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** {@return the next position that was reported as acknowledged; null when the child has ended and all were read} */
    @Nullable
    Position nextAcknowledgement() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = reports.read();
            if (next < 0) {
                return null; // and what was begun of a report is none
            }
            if (next == '\n') {
                return Position.parse(line.toString());
            }
            line.append((char) next);
        }
    }

    /** Kills the child with SIGKILL. What it had reported can still be read, which {@link Process#destroy} prevents. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    long pid() {
        return process.pid();
    }

    /** {@return the exit code, which is 137 after SIGKILL} */
    int awaitExit() throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the child process", e);
        }
    }

    /** {@return what the child wrote to its standard error} */
    String errors() throws IOException {
        return Files.readString(errors).strip();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
