package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.engine.fsync.AlwaysProvider;
import io.walnut.engine.fsync.BatchProvider;
import io.walnut.engine.fsync.OsProvider;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that kill themselves right before a chosen operation on the disk, life after life in one directory. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGKILL")
class ChosenKillTest {
    private static final List<Integer> POINTS = List.of(3, 9, 12, 14, 17, 23, 31, 40);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"always,mapped", "always,channel", "batch,mapped", "batch,channel", "os,mapped", "os,channel"})
    void aKillBeforeAChosenOperationLosesNothingAndInventsNothing(String fsync, String io) throws Exception {
        long before = 0;
        for (int point : Daily.share(ChosenKillTest.class, POINTS, 3)) {
            Process child = Children.start(
                    Children.command(Dying.class, directory.toString(), fsync, io, "" + before, "" + point));
            Children.Said said = Children.hear(child, before, (process, count) -> {});
            assertEquals(
                    137,
                    child.waitFor(),
                    () -> "the process was to die before operation " + point + "; it said " + said.other());
            long acknowledged = said.acknowledged();
            try (Wal wal = Wal.open(KillTest.config(directory.toString(), fsync, io))) {
                List<Entry> entries = Logs.entries(wal);
                String found = entries.size() + " found, " + acknowledged + " acknowledged, point " + point;
                assertTrue(entries.size() >= acknowledged, found);
                assertTrue(entries.size() <= acknowledged + 1, found);
                for (Entry entry : entries) {
                    assertArrayEquals(
                            KillTest.Appending.value(entry.sequence()),
                            entry.record().valueBytes());
                }
                before = entries.size();
            }
        }
    }

    /** Appends, a segment after every few records, until it dies. */
    static final class Dying {
        private static final Map<String, FsyncStrategyProvider> STRATEGIES =
                Map.of("always", new AlwaysProvider(), "batch", new BatchProvider(), "os", new OsProvider());

        public static void main(String[] arguments) {
            Path directory = Path.of(arguments[0]);
            FsyncStrategyProvider strategy = STRATEGIES.get(arguments[1]);
            int point = Integer.parseInt(arguments[4]);
            AtomicInteger operations = new AtomicInteger();
            WatchedStorage storage = new WatchedStorage(new FileStorage(directory));
            storage.hook = (operation, file) -> {
                if (operations.incrementAndGet() == point) {
                    die();
                }
            };
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            try (Wal wal = Engine.builder(directory)
                    .storage(storage)
                    .fsync(strategy.create(
                            Settings.defaultsOf(strategy.config()),
                            new PluginContext(directory, "dying", "", Clock.systemUTC())))
                    .set("wal.io", arguments[2])
                    .set("wal.segment.bytes", "65536")
                    .open()) {
                for (long sequence = Long.parseLong(arguments[3]) + 1; ; sequence++) {
                    wal.append(new byte[0], KillTest.Appending.value(sequence));
                    out.println("acknowledged " + sequence);
                }
            }
        }

        private static void die() throws IOException {
            new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start();
            while (true) {
                LockSupport.park();
            }
        }
    }
}
