package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalRecord;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGKILL of a real process: whatever it had acknowledged is there, under every policy and with both writers. */
class KillTest {
    @TempDir
    Path directory;

    static WalConfig config(String directory, String fsync, String io) {
        return WalConfig.builder(Path.of(directory))
                .fsync(fsync)
                .io(io)
                .segmentBytes(256 << 10)
                .set("wal.recovery", "strict")
                .build();
    }

    @ParameterizedTest
    @CsvSource({"always,mapped", "always,channel", "batch,mapped", "batch,channel", "os,mapped", "os,channel"})
    void everythingAcknowledgedBeforeAKillIsThereAndNothingIsInvented(String fsync, String io) throws Exception {
        long seed = Long.getLong("walnut.seed", new Random().nextLong());
        System.out.println("KillTest " + fsync + " " + io + " -Dwalnut.seed=" + seed);
        Random random = new Random(seed);
        long before = 0;
        int lives = Daily.rounds(2, 3);
        for (int life = 0; life < lives; life++) {
            long killAfter = before + 200 + random.nextInt(3000);
            Process child =
                    Children.start(Children.command(Appending.class, directory.toString(), fsync, io, "" + before));
            Children.Said said = Children.hear(child, before, (process, count) -> {
                if (count >= killAfter) {
                    process.toHandle().destroyForcibly(); // which leaves what it said to be read
                }
            });
            assertEquals(137, child.waitFor(), said.other().toString());
            long acknowledged = said.acknowledged();
            try (Wal wal = Wal.open(config(directory.toString(), fsync, io))) {
                List<Entry> entries = Logs.entries(wal);
                assertTrue(
                        entries.size() >= acknowledged, entries.size() + " found, " + acknowledged + " acknowledged");
                assertEquals(entries.size(), wal.recovery().records());
                for (Entry entry : entries) {
                    assertArrayEquals(
                            Appending.value(entry.sequence()), entry.record().valueBytes());
                }
                before = entries.size();
            }
        }
    }

    /** Appends for ever and says what is acknowledged. */
    static final class Appending {
        static byte[] value(long sequence) {
            return Logs.random((int) (sequence * 37 % 700), sequence);
        }

        public static void main(String[] arguments) {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            try (Wal wal = Wal.open(config(arguments[0], arguments[1], arguments[2]))) {
                for (long sequence = Long.parseLong(arguments[3]) + 1; ; ) {
                    if (sequence % 5 == 0) {
                        wal.appendBatch(List.of(
                                WalRecord.put(new byte[0], value(sequence)),
                                WalRecord.put(new byte[0], value(sequence + 1))));
                        sequence += 2;
                    } else {
                        wal.append(new byte[0], value(sequence));
                        sequence++;
                    }
                    out.println("acknowledged " + (sequence - 1));
                }
            }
        }
    }
}
