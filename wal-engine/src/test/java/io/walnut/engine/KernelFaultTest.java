package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real system calls that fail, by strace where it is installed. */
class KernelFaultTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void straceWorksHere() throws Exception {
        boolean works = false;
        try {
            works = Children.start(List.of("strace", "-f", "-o", "/dev/null", "true"))
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // it is not installed
        }
        assumeTrue(works, "strace is not installed, or may not trace here");
    }

    private List<String> underStrace(String inject, String io) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", inject));
        command.addAll(Children.command(KillTest.Appending.class, directory.toString(), "always", io, "0"));
        List<String> limited = new ArrayList<>(List.of("timeout", "-s", "KILL", "60"));
        limited.addAll(command);
        Process child = Children.start(limited);
        List<String> said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertTrue(child.waitFor() != 0, "it ended by the fault");
        return said;
    }

    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            Wal.open(KillTest.config(arguments[0], "always", "channel")).close();
        }
    }

    private boolean forcesTheParent(Path log) throws Exception {
        Path calls = directory.resolve("calls");
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL", "60", "strace"));
        command.addAll(List.of("-f", "-y", "--seccomp-bpf", "-qq", "-o", calls.toString(), "-e", "trace=fsync"));
        command.addAll(Children.command(Opening.class, log.toString()));
        Process child = Children.start(command);
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        return Files.readString(calls).contains("<" + log.getParent().toRealPath() + ">)");
    }

    /** Whoever created it may have been killed before it forced that. */
    @Test
    void theNameOfADirectoryThatIsThereAlreadyIsForcedOnce() throws Exception {
        Path log = Files.createDirectory(directory.resolve("log"));
        assertTrue(forcesTheParent(log));
        assertFalse(forcesTheParent(log), "there is a lock file now, which came later");
    }

    private void everythingAcknowledgedIsThere(List<String> said, String io) {
        long acknowledged = said.stream()
                .filter(line -> line.startsWith("acknowledged "))
                .mapToLong(line -> Long.parseLong(line.substring(13)))
                .max()
                .orElse(0);
        try (Wal wal = Wal.open(KillTest.config(directory.toString(), "always", io))) {
            List<Entry> entries = Logs.entries(wal);
            assertTrue(entries.size() >= acknowledged, entries.size() + " found, " + acknowledged + " acknowledged");
            assertTrue(entries.size() <= acknowledged + 2, "one append was under way at the most");
            for (Entry entry : entries) {
                assertArrayEquals(
                        KillTest.Appending.value(entry.sequence()),
                        entry.record().valueBytes());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"5,mapped", "6,channel", "40,mapped", "200,channel"})
    void aForceThatTheKernelRefusesStopsTheLogWithItsCause(int when, String io) throws Exception {
        List<String> said = underStrace("inject=fdatasync:error=EIO:when=" + when, io);
        String all = String.join("\n", said);
        assertTrue(all.contains("WalFailedException"), all);
        assertTrue(all.contains("Input/output error"), all);
        everythingAcknowledgedIsThere(said, io);
    }
}
