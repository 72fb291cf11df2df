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

    static String inSmallFileSystem(Path directory, Map<String, String> environment, String... arguments)
            throws Exception {
        Path mount = Files.createDirectories(directory.resolve("mount"));
        String script = "mount -t tmpfs -o size=8m tmpfs " + mount + " && exec "
                + Children.shell(Filling.class, arguments) + " " + mount + "/log";
        Process probe = Children.start(List.of("unshare", "-Urm", "sh", "-c", "mount -t tmpfs tmpfs " + mount));
        assumeTrue(probe.waitFor() == 0, "no file system can be mounted in a namespace here");
        return run(environment, List.of("unshare", "-Urm", "sh", "-c", script));
    }

    static String run(Map<String, String> environment, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process child = builder.start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        return said;
    }

    @ParameterizedTest
    @CsvSource({"always,zero", "always,none", "os,zero", "os,none"})
    void aFullDiskLosesNothingRefusesCleanlyOpensAndGoesOnWhenThereIsSpace(String fsync, String preallocator)
            throws Exception {
        String said = inSmallFileSystem(directory, Map.of(), fsync, preallocator, "auto");
        assertTrue(said.contains("all held"), said);
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

        static long fill(Wal wal) {
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

        static void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError("not so: " + what);
            }
        }
    }
}
