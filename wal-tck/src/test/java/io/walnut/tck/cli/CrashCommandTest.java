package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.WalProvider;
import io.walnut.tck.crash.toy.FlawedBackend;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A campaign on the engine finds nothing; one on a broken log finds something, and its command finds it again. */
class CrashCommandTest {
    private static final Pattern AGAIN = Pattern.compile("again with .* --replay '([^']+)'");

    @TempDir
    Path temp;

    @Test
    void shouldCrashAConfiguredLogAndTellWhatItTried() throws Exception {
        Path config = Files.writeString(
                temp.resolve("x.properties"), "wal.fsync=always\nwal.codec=lz4\nwal.segment.bytes=128MiB\n");

        Cli crash = Cli.run("crash", "--minutes", 0.01, "--config", config, "--seed", 5)
                .ends(0)
                .prints("seed        5", "x.properties", "a second", "PASSED: 0 broken rules");

        for (String kind : List.of("crash states", "injected faults", "damaged logs")) {
            assertTrue(count(crash, kind) > 0, crash::out);
        }
    }

    private static long count(Cli crash, String kind) {
        Matcher count = Pattern.compile("([0-9,]+) " + kind).matcher(crash.out());
        assertTrue(count.find(), crash::out);
        return Long.parseLong(count.group(1).replace(",", ""));
    }

    @Test
    void shouldTryEachKindOnceHoweverShortTheTime() {
        Cli crash = Cli.run("crash", "--minutes", 1e-9).ends(0);
        assertTrue(count(crash, "injected faults") > 0 && count(crash, "damaged logs") > 0, crash::out);
    }

    /**
     * Records that a truncation had kept were lost, and nothing missed them; no memory for checkpoints left a file open.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "default|damage|LARGE,LARGE,TRUNCATE,ELAPSE|20264717|997|103|-",
                "default|damage|REOPEN,BATCH,TRUNCATE,REOPEN|20264779|997|61|-",
                "default|torn+map|SYNC,ELAPSE,ROTATE,TRUNCATE,CLOSE|557302|MEMORY|45|false"
            })
    void shouldFindNothingWhereACampaignOnceDid(String replay) {
        Cli.run("crash", "--replay", replay).ends(0).prints("PASSED: no rule is broken there");
    }

    @Test
    void shouldTellHowToSeeAgainWhatABrokenLogDoes() throws Exception {
        Path services = Files.createDirectories(temp.resolve("META-INF/services"));
        Files.writeString(services.resolve(WalProvider.class.getName()), FlawedBackend.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader plugins = new URLClassLoader(new URL[] {temp.toUri().toURL()}, before)) {
            thread.setContextClassLoader(plugins);
            crashAndReplay();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void crashAndReplay() {
        Cli crash = Cli.run("crash", "--minutes", 0.2, "--set", "wal.backend=flawed", "--seed", 1)
                .ends(1)
                .prints("I5 RECOVERED_IS_DURABLE", "first life", "last life", "seed 1", "FAILED: ");

        Matcher again = AGAIN.matcher(crash.out());
        assertTrue(again.find(), crash::out);
        Cli replayed = Cli.run("crash", "--set", "wal.backend=flawed", "--replay", again.group(1))
                .ends(1)
                .prints("FAILED: it happens again");
        assertEquals(rule(crash), rule(replayed));
    }

    @Test
    void shouldSayWhatIsWrong() {
        Cli.run("crash", "--minutes", 0).ends(2).complains("--minutes");
        Cli.run("crash", "--replay", "nonsense").ends(2).complains("--replay");
        Cli.run("crash", "--set", "wal.codec=lzzz").ends(2).complains("there is no 'lzzz'");
    }

    private static String rule(Cli cli) {
        return cli.lines().stream()
                .filter(line -> line.startsWith("I"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .findFirst()
                .orElse("none");
    }
}
