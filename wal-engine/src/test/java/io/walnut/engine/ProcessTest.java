package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalLockedException;
import io.walnut.spi.FsyncStrategy;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that are stopped for a while, and that run out of descriptors. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such signals and limits")
class ProcessTest {
    @TempDir
    Path directory;

    private static void signal(Process process, String signal) throws Exception {
        Process kill = Children.start(List.of("kill", "-" + signal, "" + process.pid()));
        assertEquals(0, kill.waitFor());
    }

    @ParameterizedTest
    @CsvSource({"always,channel", "batch,mapped"})
    void aProcessThatIsStoppedForAWhileKeepsItsLogAndGoesOn(String fsync, String io) throws Exception {
        Process child =
                Children.start(Children.command(KillTest.Appending.class, directory.toString(), fsync, io, "0"));
        long acknowledged = 0;
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                assertTrue(line.startsWith("acknowledged "), line);
                acknowledged = Long.parseLong(line.substring(13));
                if (acknowledged == 100 || acknowledged == 101) {
                    signal(child, "STOP");
                    assertThrows(
                            WalLockedException.class, () -> Wal.open(KillTest.config(directory.toString(), fsync, io)));
                    signal(child, "CONT");
                }
                if (acknowledged >= 2000) {
                    child.toHandle().destroyForcibly();
                }
            }
        }
        assertEquals(137, child.waitFor());
        try (Wal wal = Wal.open(KillTest.config(directory.toString(), fsync, io))) {
            List<Entry> entries = Logs.entries(wal);
            assertTrue(entries.size() >= acknowledged);
            for (Entry entry : entries) {
                assertArrayEquals(
                        KillTest.Appending.value(entry.sequence()),
                        entry.record().valueBytes());
            }
        }
    }

    @Test
    void withoutDescriptorsOpeningAndAppendingFailCleanlyAndWorkWhenThereAreSome() throws Exception {
        String script =
                "ulimit -n 120; exec " + Children.shell(OutOfDescriptors.class) + " " + directory.resolve("log");
        Process child = Children.start(List.of("bash", "-c", script));
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        assertTrue(said.contains("all held"), said);
    }

    /** Takes all descriptors, tries, and gives them back. */
    static final class OutOfDescriptors {
        private static final List<RandomAccessFile> TAKEN = new ArrayList<>();

        public static void main(String[] arguments) throws Exception {
            loadClasses();
            Path log = Path.of(arguments[0]);
            Files.createDirectories(log);
            Files.write(log.resolve("../taken"), new byte[1]); // the first channel of a process takes two more
            takeAll(log);
            WalException refused = null;
            try {
                open(log);
            } catch (WalException e) {
                refused = e;
            }
            giveBack();
            check(refused != null && refused.getMessage().contains("Too many open files"), "opening fails: " + refused);
            long acknowledged = 0;
            long failed = 0;
            try (Wal wal = open(log)) {
                for (int i = 0; i < 2000; i++) {
                    if (i == 300) {
                        takeAll(log);
                    } else if (i == 1500) {
                        giveBack();
                    }
                    try {
                        wal.append(new byte[1], Logs.random(1000, i));
                        acknowledged++;
                    } catch (WalException e) {
                        check(e.outcome() == WalException.Outcome.REJECTED, "nothing was written: " + e);
                        failed++;
                    }
                }
                check(failed > 0 && acknowledged > 800, failed + " failed, " + acknowledged + " did not");
                check(Logs.entries(wal).size() == acknowledged, "all that was acknowledged is there");
            }
            try (Wal wal = open(log)) {
                check(Logs.entries(wal).size() == acknowledged, "and after opening again");
            }
            check(descriptorsOf(log).isEmpty(), "no descriptor is lost: " + descriptorsOf(log));
            System.out.println("all held: " + failed + " appends failed, " + acknowledged + " did not");
        }

        /** A service loader needs descriptors too. */
        private static Wal open(Path log) {
            return Engine.builder(log)
                    .fsync((pending, size) -> FsyncStrategy.NOW)
                    .set("wal.io", "channel")
                    .set("wal.segment.bytes", "262144")
                    .open();
        }

        private static void takeAll(Path log) {
            try {
                while (true) {
                    TAKEN.add(new RandomAccessFile(log.resolve("../taken").toFile(), "rw"));
                }
            } catch (IOException e) {
                // these were all
            }
        }

        private static void giveBack() throws IOException {
            for (RandomAccessFile each : TAKEN) {
                each.close();
            }
            TAKEN.clear();
        }

        private static List<String> descriptorsOf(Path log) throws IOException {
            List<String> open = new ArrayList<>();
            if (Files.isDirectory(Path.of("/proc/self/fd"))) {
                try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                    for (Path each : descriptors.toList()) {
                        if (Files.isSymbolicLink(each)) {
                            open.add(Files.readSymbolicLink(each).toString());
                        }
                    }
                }
            }
            open.removeIf(each -> !each.startsWith(log.toString()));
            return open;
        }

        /** A class is a file too. */
        private static void loadClasses() throws Exception {
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path root = Path.of(entry);
                if (Files.isDirectory(root) && root.toString().contains("target")) {
                    try (Stream<Path> classes = Files.walk(root)) {
                        for (Path each : classes.toList()) {
                            load(root.relativize(each).toString().replace(File.separatorChar, '.'));
                        }
                    }
                }
            }
        }

        private static void load(String name) throws ClassNotFoundException {
            if (name.startsWith("io.walnut.") && name.endsWith(".class")) {
                try {
                    Class.forName(name.substring(0, name.length() - ".class".length()));
                } catch (LinkageError e) {
                    // what needs something else is not needed here
                }
            }
        }

        private static void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError("not so: " + what);
            }
        }
    }
}
