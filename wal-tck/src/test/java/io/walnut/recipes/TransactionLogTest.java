package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TransactionLogTest {
    private static final int ACCOUNTS = 10;
    private static final int EACH = 100;

    @TempDir
    Path temp;

    private static WalConfig config(Path root) {
        return WalConfig.builder(root.resolve("log")).fsync("os").build();
    }

    @Test
    void shouldKeepWholeTransactionsWhenItIsKilled() throws Exception {
        Process child = new ProcessBuilder(Children.command(Bank.class, temp.toString()))
                .redirectError(new File("/dev/null"))
                .start();
        List<String> acknowledged =
                new String(child.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertEquals(Bank.KILLED, child.waitFor());
        assertTrue(acknowledged.size() >= Bank.COMMITS, "it was killed at work");
        try (Wal wal = Wal.open(config(temp))) {
            Map<String, String> rows = new TransactionLog(wal).snapshot();
            for (String transfer : acknowledged) {
                assertEquals("done", rows.get(transfer), "what was committed is there");
            }
            assertEquals(ACCOUNTS * EACH, Bank.total(rows), "and nothing by halves");
        }
    }

    /** Transfers money between accounts from several threads, says what is committed, and is killed. */
    static final class Bank {
        private static final int KILLED = 137;
        private static final int COMMITS = 200;

        public static void main(String[] arguments) {
            TransactionLog log = new TransactionLog(Wal.open(config(Path.of(arguments[0]))));
            TransactionLog.Transaction opening = log.begin();
            for (int i = 0; i < ACCOUNTS; i++) {
                opening.put("account-" + i, String.valueOf(EACH));
            }
            opening.commit();
            for (int teller = 0; teller < ACCOUNTS / 2; teller++) {
                String one = "account-" + 2 * teller;
                String other = "account-" + (2 * teller + 1);
                new Thread(() -> {
                            for (int i = 0; ; i++) {
                                transfer(log, one, other, one + "-" + i);
                            }
                        })
                        .start();
            }
        }

        private static int said;

        private static void transfer(TransactionLog log, String from, String to, String name) {
            TransactionLog.Transaction transaction = log.begin();
            transaction.put(from, String.valueOf(amount(transaction.get(from)) - 1));
            transaction.put(to, String.valueOf(amount(transaction.get(to)) + 1));
            transaction.put(name, "done");
            transaction.commit();
            synchronized (Bank.class) {
                System.out.println(name);
                if (++said == COMMITS) {
                    System.out.flush();
                    Runtime.getRuntime().halt(KILLED);
                }
            }
        }

        private static int amount(Optional<String> row) {
            return Integer.parseInt(row.orElseThrow());
        }

        private static int total(Map<String, String> rows) {
            return rows.entrySet().stream()
                    .filter(row -> row.getKey().matches("account-\\d+"))
                    .mapToInt(row -> Integer.parseInt(row.getValue()))
                    .sum();
        }
    }

    @Test
    void shouldShowCommitsInTheOrderOfTheLog() throws Exception {
        try (Wal wal = Wal.open(config(temp))) {
            TransactionLog log = new TransactionLog(wal);
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                int seed = i;
                threads[i] = new Thread(() -> {
                    Random random = new Random(seed);
                    for (int n = 0; n < 100; n++) {
                        TransactionLog.Transaction transaction = log.begin();
                        String value = seed + ":" + n;
                        transaction.put("a", value);
                        if (random.nextBoolean()) {
                            transaction.put("b", value);
                        } else {
                            transaction.delete("b");
                        }
                        transaction.commit();
                    }
                });
            }
            Arrays.stream(threads).forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(log.snapshot(), new TransactionLog(wal).snapshot(), "as a replay has them");
        }
    }
}
