package io.walnut.tck.wal;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalProvider;
import io.walnut.api.WalRecord;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A child JVM that appends and tells each position that it was given, until it is killed or told to close its log. */
final class Victim implements AutoCloseable {
    /** How many records it appends at the most. */
    static final int MOST = 20_000;

    private final Process process;
    private final BufferedReader told;
    private final Path errors;

    private Victim(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        told = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    static WalRecord record(int number) {
        return WalRecord.put(
                ("key-" + number).getBytes(StandardCharsets.UTF_8),
                "v".repeat(number % 300).getBytes(StandardCharsets.UTF_8));
    }

    static Victim start(WalKit kit, Session log, Map<String, String> properties) throws IOException {
        Path config = Files.createDirectories(log.directory().resolveSibling("victim"))
                .resolve("victim.properties");
        Properties keys = new Properties();
        keys.putAll(log.config().toMap());
        try (var out = Files.newBufferedWriter(config)) {
            keys.store(out, null);
        }
        Path errors = config.resolveSibling("errors");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(kit.provider().getClass())));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of(Victim.class.getName(), kit.provider().getClass().getName(), config.toString()));
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        return new Victim(process, errors);
    }

    /** What this process has, and what the backend has beside it if it was loaded from elsewhere. */
    private static String classPath(Class<?> provider) {
        Stream<String> own = Stream.of("jdk.module.path", "java.class.path")
                .map(property -> System.getProperty(property, ""))
                .filter(path -> !path.isEmpty());
        Stream<String> elsewhere = provider.getClassLoader() instanceof URLClassLoader loader
                ? Stream.of(loader.getURLs())
                        .map(url -> Path.of(URI.create(url.toString())).toString())
                : Stream.of();
        return Stream.concat(own, elsewhere).collect(Collectors.joining(File.pathSeparator));
    }

    Position nextAcknowledgement() throws IOException {
        String line = told.readLine();
        if (line == null) {
            throw new AssertionError("the child process ended: " + Files.readString(errors));
        }
        return Position.parse(line);
    }

    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Lets the child close its log and end. */
    void letClose() throws IOException, InterruptedException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        told.lines().forEach(line -> {});
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new AssertionError("the child process did not end well: " + Files.readString(errors));
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        told.close();
    }

    /**
     * Appends.
     *
     * @param args the class of the provider, and a file with the configuration
     * @throws Exception if it cannot
     */
    public static void main(String[] args) throws Exception {
        Properties keys = new Properties();
        try (var in = Files.newBufferedReader(Path.of(args[1]))) {
            keys.load(in);
        }
        WalProvider provider = Class.forName(args[0])
                .asSubclass(WalProvider.class)
                .getDeclaredConstructor()
                .newInstance();
        try (Wal wal = provider.open(WalConfig.from(keys))) {
            for (int i = 0; i < MOST && System.in.available() == 0; i++) {
                byte[] line = (wal.append(record(i)) + "\n").getBytes(StandardCharsets.US_ASCII);
                System.out.write(line, 0, line.length);
                System.out.flush();
            }
        }
    }
}
