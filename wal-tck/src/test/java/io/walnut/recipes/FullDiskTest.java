package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FullDiskTest {
    @TempDir
    Path temp;

    /** A file system of its own, in a namespace of its own. */
    private int inSmallFileSystem(String command) throws Exception {
        Path mount = Files.createDirectories(temp.resolve("mount"));
        return new ProcessBuilder(
                        "unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=4m tmpfs " + mount + " && " + command)
                .inheritIO()
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("said").toFile())
                .start()
                .waitFor();
    }

    @Test
    void shouldRefuseLoseNothingAndGoOnWithoutReopeningWhenAConsumerHasMoved() throws Exception {
        assumeTrue(inSmallFileSystem("true") == 0, "no file system can be mounted in a namespace here");
        List<String> command =
                Children.command(Program.class, temp.resolve("mount/log").toString());
        int status = inSmallFileSystem("exec '" + String.join("' '", command) + "'");
        String said = Files.readString(temp.resolve("said"));
        assertEquals(0, status, said);
        assertTrue(said.contains("all held"), said);
    }

    /** Runs where the disk is small, and checks what a user would. */
    static final class Program {
        private static final String CONSUMER = "consumer";

        private static long next;

        public static void main(String[] arguments) {
            WalConfig config = WalConfig.builder(Path.of(arguments[0]))
                    .segmentBytes(256 << 10)
                    .build();
            Wal wal = Wal.open(config);
            wal.checkpoints().save(CONSUMER, Position.START);
            wal.checkpoints().flush();
            FullDisk log = new FullDisk(wal);

            fill(log);
            long full = next;
            check(full > 1_000, "something fits: " + full);
            check(wal.state() == WalState.OPEN, "the log is open");
            consume(wal, 0, full);
            for (int i = 0; i < 3 * full; i++) {
                append(log);
                if (i % 100 == 0) {
                    wal.checkpoints().save(CONSUMER, wal.end());
                }
            }
            check(wal.start().compareTo(Position.START) > 0, "space was freed");
            fromManyThreads(log, wal, 2 * (int) full);

            wal.checkpoints().save(CONSUMER, wal.end());
            long from = next;
            fill(log);
            wal.close();
            try (Wal again = Wal.open(config)) {
                check(again.recovery().end().equals(again.end()), "opening works on a full disk");
                consume(again, from, next);
                again.checkpoints().save(CONSUMER, again.end());
                append(new FullDisk(again));
            }
            System.out.println("all held after " + next + " appends");
        }

        private static void fromManyThreads(FullDisk log, Wal wal, int each) {
            CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
            for (int thread = 0; thread < threads.length; thread++) {
                threads[thread] = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        log.append(WalRecord.put(new byte[1], new byte[1_000]));
                        synchronized (wal) { // a consumer does not go back
                            wal.checkpoints().save(CONSUMER, wal.end());
                        }
                    }
                });
            }
            CompletableFuture.allOf(threads).join();
        }

        private static void fill(FullDisk log) {
            try {
                while (true) {
                    append(log);
                }
            } catch (WalException e) {
                check(e.reason() == Reason.DISK_FULL, "the reason is a full disk: " + e);
                check(e.outcome() == Outcome.REJECTED, "nothing was written: " + e);
            }
        }

        private static void append(FullDisk log) {
            byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(next).array();
            byte[] value = new byte[1_000];
            new Random(next).nextBytes(value);
            log.append(WalRecord.put(key, value));
            next++;
        }

        /** Reads from the checkpoint on, checks what is there, and commits. */
        private static void consume(Wal wal, long from, long to) {
            Position start = wal.checkpoints().load(CONSUMER).orElseThrow();
            try (WalReader reader = wal.read(start)) {
                for (long i = from; i < to; i++) {
                    check(reader.next(), "record " + i + " is there");
                    check(reader.key().getLong() == i, "record " + i + " has its place");
                }
                check(!reader.next(), "what was refused is not there");
            }
            wal.checkpoints().save(CONSUMER, wal.end());
        }

        private static void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError("not so: " + what);
            }
        }
    }
}
