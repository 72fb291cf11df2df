package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says compiles, runs, and is there. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
    private static final String HARNESS = """
            import io.walnut.api.*;
            import java.nio.file.Path;
            import java.util.List;
            import java.util.concurrent.Flow;

            public class Example {
                final byte[] key = {1}, value = {2}, k1 = {3}, v1 = {4}, k2 = {5};
                final WalRecord record = WalRecord.put(k1, v1);

                final Flow.Subscriber<Entry> subscriber = new Flow.Subscriber<>() {
                    @Override public void onSubscribe(Flow.Subscription subscription) { subscription.request(10); }
                    @Override public void onNext(Entry entry) {}
                    @Override public void onError(Throwable failure) { failure.printStackTrace(); }
                    @Override public void onComplete() {}
                };

                void acknowledge(Position position) {}

                void run() throws Exception {
            %s
                }

                public static void main(String[] args) throws Exception {
                    new Example().run();
                }
            }
            """;

    private final Path root = Checkout.rootWith("README.md");
    private final String readme = read(root.resolve("README.md"));

    @TempDir
    Path temp;

    @Test
    void shouldShowCodeThatCompilesAndRuns() throws Exception {
        List<String> blocks = blocks("java");
        assertFalse(blocks.isEmpty());
        for (int i = 0; i < blocks.size(); i++) {
            Path directory = Files.createDirectory(temp.resolve("example-" + i));
            Compiler.compile(directory, "Example", HARNESS.formatted(blocks.get(i)));
            run(directory, blocks.get(i));
            Path alone = directory.resolve("data/wal");
            Path log = Files.exists(alone) ? alone : directory.resolve("data/logs/orders-3");
            Cli.run("stat", log).ends(0).prints("the log had been closed in order");
        }
        Cli.run("dump", temp.resolve("example-0/data/wal")).ends(0).prints("0x01", "0x03", "DELETE 0x05");
    }

    @Test
    void shouldHaveAQuickStartOfTwoCommands() {
        String section = readme.substring(readme.indexOf("\n## Quick start\n"));
        assertEquals(blocks("sh").get(0), matches(section, BLOCK, 2).get(0));
        List<String> commands = blocks("sh").get(0).lines().toList();

        assertEquals(2, commands.size());
        assertTrue(commands.get(0).endsWith(" demo"), commands.get(0));
        assertTrue(commands.get(1).matches("\\./mvnw( -\\S+)* verify"), commands.get(1));
    }

    @Test
    void shouldMapEveryModule() {
        matches(read(root.resolve("pom.xml")), Pattern.compile("<module>(.*?)</module>"), 1)
                .forEach(module -> assertTrue(readme.contains("\n| `" + module + "` |"), module));
    }

    @Test
    void shouldListEveryCommand() {
        for (String command :
                List.of("demo [FILE]", "dump DIR", "verify DIR", "stat DIR", "bench", "plugins", "config")) {
            assertTrue(readme.contains("\n| `" + command + "` |"), command);
        }
    }

    @Test
    void shouldLinkToWhatIsThere() {
        matches(readme, LINK, 1).stream()
                .filter(target -> !target.contains("://"))
                .forEach(target -> assertTrue(Files.exists(root.resolve(target)), target));
    }

    private List<String> blocks(String language) {
        Matcher matcher = BLOCK.matcher(readme);
        return matcher.results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static List<String> matches(String text, Pattern pattern, int group) {
        List<String> found = new ArrayList<>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(group)));
        return found;
    }

    private static void run(Path directory, String block) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        String classPath = directory + System.getProperty("path.separator") + System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, "Example")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> read(output) + "\n" + block);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
