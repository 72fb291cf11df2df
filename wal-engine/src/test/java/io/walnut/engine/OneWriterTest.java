package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalLockedException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** At most one writer acknowledges, whatever else happens to the lock file, in this process or another. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "locks are dropped by another close there, and processes are known")
class OneWriterTest {
    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void inADirectory() {
        directory = temporary.resolve("log");
    }

    @Test
    void anotherPathToTheDirectoryIsRefusedAndDropsNoLock() throws Exception {
        Path mounted = Files.createDirectories(temporary.resolve("mounted"));
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            assumeTrue(run("mount", "--bind", directory.toString(), mounted.toString()) == 0, "nothing can be mounted");
            try {
                assertThrows(WalLockedException.class, () -> Wal.open(mounted));
                assertRefusedElsewhere(directory);
                assertRefusedElsewhere(mounted);
            } finally {
                assertEquals(0, run("umount", mounted.toString()));
            }
            wal.append(put("b", "2"));
        }
        assertEquals(List.of("a", "b"), keys());
    }

    @Test
    void replacedSystemPropertiesHideNoClaim() throws Exception {
        Properties before = System.getProperties();
        Properties earlier = (Properties) before.clone();
        try (Wal wal = Wal.open(directory)) {
            System.setProperties(earlier);
            assertThrows(WalLockedException.class, () -> Wal.open(directory));
            assertRefusedElsewhere(directory);
            wal.append(put("a", "1"));
        } finally {
            System.setProperties(before);
        }
        assertEquals(List.of("a"), keys());
    }

    @Test
    void restoredSystemPropertiesKeepNoClosedLogClaimed() throws Exception {
        Properties before = System.getProperties();
        try {
            Properties snapshot;
            try (Wal wal = Wal.open(directory)) {
                wal.append(put("a", "1"));
                snapshot = (Properties) System.getProperties().clone();
            }
            System.setProperties(snapshot);
            assertEquals(List.of("a"), keys());
        } finally {
            System.setProperties(before);
        }
    }

    @Test
    void anotherClassLoaderIsRefusedAndDropsNoLock() throws Exception {
        Properties before = System.getProperties();
        Properties earlier = (Properties) before.clone();
        List<URL> path = new ArrayList<>();
        for (String each : (System.getProperty("java.class.path")
                        + File.pathSeparator
                        + System.getProperty("jdk.module.path", ""))
                .split(File.pathSeparator, -1)) {
            path.add(Path.of(each).toUri().toURL());
        }
        try (Wal wal = Wal.open(directory);
                URLClassLoader other =
                        new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            System.setProperties(earlier);
            Class<?> itsWal = other.loadClass(Wal.class.getName());
            assertFalse(itsWal.equals(Wal.class));
            Thread.currentThread().setContextClassLoader(other);
            InvocationTargetException refused = assertThrows(
                    InvocationTargetException.class,
                    () -> itsWal.getMethod("open", Path.class).invoke(null, directory));
            assertEquals(
                    WalLockedException.class.getName(),
                    refused.getCause().getClass().getName(),
                    () -> refused.getCause().toString());
            assertRefusedElsewhere(directory);
            wal.append(put("a", "1"));
        } finally {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
            System.setProperties(before);
        }
        assertEquals(List.of("a"), keys());
    }

    @Test
    void aProcessThatLostItsLockByReadingTheFileIsNotReplacedWhileItRuns() throws Exception {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
            Logs.copy(directory, temporary.resolve("backup")); // reads LOCK
            String said = assertRefusedElsewhere(directory);
            assertTrue(said.contains("pid " + ProcessHandle.current().pid()), said);
            assertTrue(said.contains(" on host "), said);
            assertTrue(said.contains(", started "), said);
            assertTrue(said.contains("stop "), said);
            wal.append(put("b", "2"));
            assertEquals(0, elsewhere(temporary.resolve("backup")).status, "a copy is another log");
        }
        assertEquals(List.of("a", "b"), keys());
    }

    @Test
    void aLostLockIsTakenAgainWithTheNextForce() throws Exception {
        try (Wal wal = Wal.open(always())) {
            wal.append(put("a", "1"));
            hideHolder();
            wal.append(put("b", "2"));
            assertRefusedElsewhere(directory);
            wal.append(put("c", "3"));
        }
        assertEquals(List.of("a", "b", "c"), keys());
    }

    @Test
    void nothingIsAcknowledgedBesideAnotherWriter() throws Exception {
        Wal wal = Wal.open(always());
        wal.append(put("a", "1"));
        hideHolder();
        assertEquals(0, elsewhere(directory).status);
        WalFailedException failed = assertThrows(WalFailedException.class, () -> wal.append(put("lost", "2")));
        assertTrue(failed.getMessage().contains("lock"), failed.getMessage());
        assertTrue(failed.getMessage().contains("LOCK"), failed.getMessage());
        assertThrows(WalFailedException.class, wal::close);
        assertEquals(List.of("a", "elsewhere"), keys());
    }

    @Test
    void closingWritesNothingBesideAnotherWriter() throws Exception {
        Wal wal = Wal.open(always());
        wal.append(put("a", "1"));
        hideHolder();
        assertEquals(0, elsewhere(directory).status);
        assertThrows(WalFailedException.class, wal::close);
        assertEquals(List.of("a", "elsewhere"), keys());
    }

    @Test
    void aProcessWithTheSamePidInAnotherContainerIsNotTakenForThisOne() throws Exception {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
        }
        String mine = "pid " + ProcessHandle.current().pid();
        Files.writeString(
                directory.resolve("LOCK"),
                "token 1\ndirectory x\n" + mine + "\nhost other-container\nstart 2020-01-01T00:00:00Z\nlife other\n");
        try (java.nio.channels.FileChannel channel =
                java.nio.channels.FileChannel.open(directory.resolve("LOCK"), StandardOpenOption.WRITE)) {
            assertTrue(channel.tryLock().isValid());
            Said said = elsewhere(directory);
            assertEquals(3, said.status, said.text);
            assertTrue(said.text.contains("in another process (" + mine + " on host other-container"), said.text);
        }
        assertEquals(List.of("a"), keys());
    }

    @Test
    void aLockFileThatWasLinkedIntoAnotherDirectoryIsReplacedThere() throws Exception {
        Path here = Files.createDirectories(temporary.resolve("here"));
        Path there = Files.createDirectories(temporary.resolve("there"));
        try (Wal wal = Wal.open(always())) {
            wal.append(put("a", "1"));
            Files.createLink(here.resolve("LOCK"), directory.resolve("LOCK"));
            Files.createLink(there.resolve("LOCK"), directory.resolve("LOCK"));
            try (Wal other = Wal.open(here)) {
                other.append(put("copy", "1"));
                wal.append(put("b", "2"));
                assertRefusedElsewhere(directory);
                assertRefusedElsewhere(here);
            }
            assertEquals(0, elsewhere(there).status);
            wal.append(put("c", "3"));
            assertRefusedElsewhere(directory);
        }
        assertEquals(List.of("a", "b", "c"), keys());
    }

    private WalConfig always() {
        return WalConfig.builder(directory).set("wal.fsync", "always").build();
    }

    private List<String> keys() {
        try (Wal wal = Wal.open(directory)) {
            return Logs.keys(wal);
        }
    }

    /** As if the holder ran in another container, and some code in it had opened and closed the file. */
    private void hideHolder() throws IOException {
        Path lock = directory.resolve("LOCK");
        String content = Files.readString(lock, StandardCharsets.US_ASCII);
        Files.writeString(lock, content.replaceAll("\nlife [^\n]*", "\nlife elsewhere"));
    }

    private static String assertRefusedElsewhere(Path log) throws Exception {
        Said said = elsewhere(log);
        assertEquals(3, said.status, said.text);
        return said.text;
    }

    private record Said(int status, String text) {}

    private static Said elsewhere(Path log) throws Exception {
        Process process = Children.start(Children.command(SecondProcess.class, log.toString()));
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    /** Opens a log in another process, and appends to it. */
    static final class SecondProcess {
        public static void main(String[] arguments) {
            try (Wal wal = Wal.open(Path.of(arguments[0]))) {
                wal.append(put("elsewhere", "1"));
            } catch (WalLockedException e) {
                System.out.println(e.getMessage());
                System.exit(3);
            }
        }
    }

    private static int run(String... command) throws Exception {
        Process process = Children.start(List.of(command));
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }
}
