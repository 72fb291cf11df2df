package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the commands that look into a log are told which. */
class LogOptionsTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldRefuseADirectoryThatHoldsNoLog(String command) throws IOException {
        Files.writeString(temp.resolve("letter.txt"), "not a log");

        Cli.run(command, temp).ends(2).complains("there is no log in " + temp);

        assertEquals(1, Logs.contents(temp).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldTakeTheDirectoryFromAConfiguration(String command) throws IOException {
        Path log = temp.resolve("log");
        Logs.write(log, 3);
        Path config = Files.writeString(temp.resolve("wal.properties"), "wal.dir = " + log + "\nwal.codec = lz4\n");

        Cli.run(command, "--config", config).ends(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldTellEveryProblemOfAConfiguration(String command) {
        Cli.run(command, temp, "--set", "wal.codec=lzzz", "--set", "wal.segmnt.bytes=1MiB")
                .ends(2)
                .complains("wal.codec", "lzzz", "available", "wal.segmnt.bytes", "did you mean wal.segment.bytes?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldLookBesideALiveWriter(String command) {
        try (Wal wal = Wal.open(Logs.small(temp))) {
            Logs.append(wal, 100);

            Cli.run(command, temp).ends(0);

            Logs.append(wal, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "verify", "stat"})
    void shouldChangeNothingOnDiskAfterAKill(String command) throws IOException {
        Path killed;
        try (Wal wal = Wal.open(Logs.small(temp.resolve("live")))) {
            Logs.append(wal, 100);
            killed = Logs.copy(temp.resolve("live"), temp.resolve("killed"));
        }
        Map<String, Integer> before = Logs.contents(killed);

        Cli.run(command, killed).ends(0);

        assertEquals(before, Logs.contents(killed));
    }

    @Test
    void shouldSayThatAConfigurationIsNotThere() {
        Cli.run("stat", "--config", temp.resolve("none")).ends(2).complains("there is no file " + temp.resolve("none"));
    }

    @Test
    void shouldSayHowAKeyIsSet() {
        Cli.run("stat", temp, "--set", "wal.codec").ends(2).complains("--set", "KEY=VALUE");
    }

    /** As some editors save a file. */
    @Test
    void shouldReadAFileThatBeginsWithAByteOrderMark() throws IOException {
        Logs.write(temp.resolve("log"), 3);
        Path file = Files.writeString(temp.resolve("x.properties"), "\uFEFFwal.dir=" + temp.resolve("log"));
        Cli.run("stat", "--config", file).ends(0).prints("3 records");
    }
}
