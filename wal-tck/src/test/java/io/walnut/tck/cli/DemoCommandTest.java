package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each of these really kills a JVM. */
class DemoCommandTest {
    private static final Pattern KILLED_AFTER = Pattern.compile("is killed after ([0-9,]+) acknowledgement");
    private static final Pattern DELETED = Pattern.compile("was in (\\S+), deleted");

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"always, none, 1", "batch, lz4, 2", "os, zstd, 3"})
    void shouldProveThatWhatWasAcknowledgedSurvivesAKill(String fsync, String codec, String seed) throws IOException {
        Path log = temp.resolve("log");
        Cli demo = Cli.run(
                        "demo",
                        text(),
                        "--dir",
                        log,
                        "--records",
                        300,
                        "--fsync",
                        fsync,
                        "--codec",
                        codec,
                        "--seed",
                        seed)
                .ends(0)
                .prints(
                        "3 lines",
                        "fsync " + fsync + ", codec " + codec,
                        "seed        " + seed,
                        "SIGKILL",
                        "exit code 137",
                        "the log had not been closed",
                        "PASSED",
                        "kept in " + log);

        Cli.run("verify", log).ends(0);
        int dumped = Cli.run("dump", log).ends(0).lines().size();
        assertTrue(dumped >= killedAfter(demo), () -> dumped + " in " + demo);
    }

    @Test
    void shouldKillAtTheSameRecordForTheSameSeedAndCleanUp() throws IOException {
        Path text = text();
        Cli first = Cli.run("demo", text, "--records", 100, "--seed", 42).ends(0);
        Cli second = Cli.run("demo", text, "--records", 100, "--seed", 42).ends(0);

        assertEquals(killedAfter(first), killedAfter(second));
        assertTrue(killedAfter(first) >= 50 && killedAfter(first) <= 100, first::out);
        Matcher deleted = DELETED.matcher(first.out());
        assertTrue(deleted.find(), first::out);
        assertFalse(Files.exists(Path.of(deleted.group(1))));
    }

    @Test
    void shouldUseAFileThatEveryCheckoutHas() {
        Cli.run("demo", "--records", 1, "--dir", temp).ends(0).prints("LICENSE, 202 lines");
    }

    @Test
    void shouldSayWhatIsWrongWithTheFile() throws IOException {
        Cli.run("demo", temp.resolve("none")).ends(2).complains("there is no file", "give the path of any text file");
        Cli.run("demo", temp).ends(2).complains("is not a file");
        Cli.run("demo", Files.createFile(temp.resolve("empty"))).ends(2).complains("is empty");
    }

    @Test
    void shouldNotWriteIntoADirectoryThatIsInUse() throws IOException {
        Path text = text();
        Cli.run("demo", text, "--dir", temp).ends(2).complains("is not empty");
        Cli.run("demo", text, "--dir", text).ends(2).complains("is not a directory");
    }

    @Test
    void shouldSayWhatIsWrongWithTheConfiguration() throws IOException {
        Path text = text();
        Cli.run("demo", text, "--codec", "lzzz").ends(2).complains("wal.codec: there is no 'lzzz'", "zstd");
        Cli.run("demo", text, "--set", "wal.storage=memory").ends(2).complains("wal.storage");
        Cli.run("demo", text, "--records", 0).ends(2).complains("--records 0");
    }

    @Test
    void shouldTellWhyTheWritingProcessEndedByItself() throws IOException {
        Cli.run("demo", text(), "--set", "wal.record.max.value.bytes=1", "--dir", temp.resolve("log"))
                .ends(1)
                .complains(
                        "walnut demo: the child process ended by itself with exit code 1",
                        "wal.record.max.value.bytes");
    }

    private Path text() throws IOException {
        return Files.writeString(temp.resolve("text"), "a first line\n\nand a last one");
    }

    private static int killedAfter(Cli demo) {
        Matcher matcher = KILLED_AFTER.matcher(demo.out());
        assertTrue(matcher.find(), demo::out);
        return Integer.parseInt(matcher.group(1).replace(",", ""));
    }
}
