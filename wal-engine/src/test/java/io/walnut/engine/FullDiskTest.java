package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file system that is really full: a small one of its own, in a namespace of its own. */
class FullDiskTest {
    @TempDir
    Path directory;

    private String inSmallFileSystem(String size, Map<String, String> environment, String... arguments)
            throws Exception {
        Path mount = Files.createDirectories(directory.resolve("mount"));
        String script = "mount -t tmpfs -o size=" + size + " tmpfs " + mount + " && exec "
                + Children.shell(Filling.class, arguments) + " " + mount + "/log";
        Process probe = Children.start(List.of("unshare", "-Urm", "sh", "-c", "mount -t tmpfs tmpfs " + mount));
        assumeTrue(probe.waitFor() == 0, "no file system can be mounted in a namespace here");
        return run(environment, List.of("unshare", "-Urm", "sh", "-c", script));
    }

    private static String run(Map<String, String> environment, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process child = builder.start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        return said;
    }

    /** Makes a locale whose messages are not English, and skips the test where there is none. */
    private Map<String, String> german() throws Exception {
        Path locales = Files.createDirectories(directory.resolve("locales"));
        boolean made = false;
        try {
            made = Children.start(List.of(
                                    "localedef", "-i", "de_DE", "-f", "UTF-8", locales.resolve("de_DE.UTF-8") + ""))
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // it is not installed
        }
        assumeTrue(made, "localedef and the source of the locale de_DE are not installed");
        Map<String, String> environment =
                Map.of("LOCPATH", locales.toString(), "LC_ALL", "de_DE.UTF-8", "LANGUAGE", "", "LANG", "de_DE.UTF-8");
        String text = run(environment, List.of("sh", "-c", "cat " + directory + "/missing 2>&1; true"));
        assumeTrue(!text.contains("No such file"), "the German messages of the C library are not installed");
        return environment;
    }

    @ParameterizedTest
    @CsvSource({"always,zero", "always,none", "os,zero", "os,none"})
    void aFullDiskLosesNothingRefusesCleanlyOpensAndGoesOnWhenThereIsSpace(String fsync, String preallocator)
            throws Exception {
        String said = inSmallFileSystem("8m", Map.of(), fsync, preallocator, "auto");
        assertTrue(said.contains("all held"), said);
    }

    @ParameterizedTest
    @CsvSource({"zero,mapped", "none,channel", "sparse,channel"})
    void aFullDiskIsRecognisedInAnotherLanguage(String preallocator, String io) throws Exception {
        String said = inSmallFileSystem("8m", german(), "os", preallocator, io);
        assertTrue(said.contains("all held"), said);
    }

    @ParameterizedTest
    @CsvSource({"zero", "none"})
    void aFileSizeLimitIsRecognisedInAnotherLanguage(String preallocator) throws Exception {
        String script = "ulimit -f 3000; exec " + Children.shell(Filling.class, "os", preallocator, "channel") + " "
                + directory.resolve("log");
        String said = run(german(), List.of("bash", "-c", script));
        assertTrue(said.contains("all held"), said);
    }

    @ParameterizedTest
    @CsvSource({"false,none", "true,none", "true,sparse"})
    void anExceededQuotaIsRecognisedInAnyLanguage(boolean foreign, String preallocator) throws Exception {
        Map<String, String> environment = foreign ? german() : Map.of();
        assumeTrue(
                Children.start(List.of("sh", "-c", "strace -f -o /dev/null true"))
                                .waitFor()
                        == 0,
                "strace is not installed, or may not trace here");
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL", "60", "strace", "-f", "--seccomp-bpf"));
        command.addAll(List.of("-qq", "-o", "/dev/null", "-e", "trace=pwrite64"));
        command.addAll(List.of("-e", "inject=pwrite64:error=EDQUOT:when=20+"));
        command.addAll(
                Children.command(OverQuota.class, directory.resolve("log").toString(), preallocator));
        String said = run(environment, command);
        assertTrue(said.contains("all held"), said);
    }

    /** Appends until the quota is exceeded, and checks that the append is rejected for that. */
    static final class OverQuota {
        private OverQuota() {}

        public static void main(String[] arguments) {
            Wal wal = Wal.open(WalConfig.builder(Path.of(arguments[0]))
                    .fsync("os")
                    .preallocator(arguments[1])
                    .io("channel")
                    .segmentBytes(64 << 10)
                    .build());
            long acknowledged = Filling.fill(wal);
            Filling.check(wal.state() == WalState.OPEN, "the log stays open");
            System.out.println("all held after " + acknowledged + " appends");
            Runtime.getRuntime().halt(0); // nothing can be written any more
        }
    }

    @Test
    void aFileSizeLimitIsAFullDiskToo() throws Exception {
        String script = "ulimit -f 3000; exec " + Children.shell(Filling.class, "always", "zero", "auto") + " "
                + directory.resolve("log");
        String said = run(Map.of(), List.of("bash", "-c", script));
        assertTrue(said.contains("all held"), said);
    }

    /** Fills the disk, and checks at each step what a user would. */
    static final class Filling {
        public static void main(String[] arguments) throws IOException {
            Path log = Path.of(arguments[3]);
            WalConfig config = WalConfig.builder(log)
                    .fsync(arguments[0])
                    .preallocator(arguments[1])
                    .io(arguments[2])
                    .segmentBytes(arguments[1].equals("zero") && log.toString().contains("mount") ? 2 << 20 : 64 << 20)
                    .build();
            long acknowledged;
            Wal wal = Wal.open(config);
            acknowledged = fill(wal);
            check(wal.state() == WalState.OPEN, "the log stays open");
            check(acknowledged > 100, "something fits");
            check(Logs.entries(wal).size() == acknowledged, "all that was acknowledged is read");
            // what a kill would leave, opened while the disk is still full
            try (Wal view = Wal.openReadOnly(config)) {
                check(Logs.entries(view).size() == acknowledged, "and by others");
            }
            wal.close();
            wal = Wal.open(config);
            check(wal.recovery().records() == acknowledged, "opening works on a full disk");
            Position end = wal.end();
            wal.deleteSegmentsBefore(end);
            long more = 0;
            while (more < 50) {
                wal.append(new byte[10], Logs.random(1000, ++more));
            }
            check(Logs.entries(wal, end).size() == 50, "and it goes on when space is free, without reopening");
            wal.close();
            System.out.println("all held after " + acknowledged + " appends");
        }

        private static long fill(Wal wal) {
            for (long i = 1; ; i++) {
                try {
                    wal.append(new byte[10], Logs.random(1000, i));
                } catch (WalException e) {
                    check(e.reason() == Reason.DISK_FULL, "the reason is a full disk: " + e);
                    check(e.outcome() == Outcome.REJECTED, "nothing was written: " + e);
                    return i - 1;
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
