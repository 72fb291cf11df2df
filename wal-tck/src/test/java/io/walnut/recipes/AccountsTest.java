package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AccountsTest {
    private static final long SEED = 11;
    private static final int ACCOUNTS = 3;

    @TempDir(factory = FastDirectory.class)
    Path temp;

    private static WalConfig config(Path directory) {
        return WalConfig.builder(directory).fsync("os").segmentBytes(64 << 10).build();
    }

    @Test
    void shouldKnowEveryBalanceWhereverItIsKilledBetweenSnapshotsToo() throws IOException {
        Lives.killEverywhere(temp, SEED, 100, Bank::new);
    }

    private static final class Bank implements Lives.Program {
        private final Expected<Long> expected = new Expected<>(0L);
        private final ReadModel model = new ReadModel();

        @Override
        public void run(Lives.Life life) throws IOException {
            Random random = new Random(SEED);
            Wal events = life.open(config(life.root().resolve("events")));
            Accounts accounts =
                    new Accounts(events, life.open(config(life.root().resolve("snapshots"))));
            for (int i = 0; i < 40; i++) {
                String account = "account-" + random.nextInt(ACCOUNTS);
                long change = random.nextInt(100) - 30;
                if (expected.of(account) + change < 0) {
                    assertThrows(IllegalArgumentException.class, () -> accounts.change(account, change));
                } else {
                    expected.change(account, expected.of(account) + change, () -> accounts.change(account, change));
                }
                if (i % 10 == 9) {
                    accounts.snapshot();
                    model.project(events);
                    events.checkpoints().flush();
                }
            }
        }

        @Override
        public void check(Path root) {
            try (Wal events = Wal.open(config(root.resolve("events")));
                    Wal snapshots = Wal.open(config(root.resolve("snapshots")))) {
                Accounts accounts = new Accounts(events, snapshots);
                model.project(events);
                for (int i = 0; i < ACCOUNTS; i++) {
                    String account = "account-" + i;
                    long found = accounts.balance(account);
                    expected.check(account, found);
                    assertEquals(found, model.balances.getOrDefault(account, 0L), "in the read model");
                }
            }
        }
    }

    /** Stands for a table of a database, which outlives the process, and keeps with each row what it has seen. */
    private static final class ReadModel {
        private final Map<String, Long> balances = new HashMap<>();
        private long seen;
        private int shown;

        void project(Wal events) {
            events.sync();
            new Projection(events, "balances", this::show).follow(Duration.ZERO);
        }

        void show(Entry event) {
            shown++;
            if (event.sequence() > seen) {
                assertEquals(seen + 1, event.sequence(), "none is left out");
                balances.merge(Accounts.account(event), Accounts.amount(event), Long::sum);
                seen = event.sequence();
            }
        }
    }

    @Test
    void shouldReplayOnlyWhatHappenedAfterTheSnapshot() {
        try (WalGroup group = WalGroup.open(Accounts.config(temp))) {
            Accounts accounts = Accounts.in(group);
            for (int i = 0; i < 3_000; i++) {
                accounts.change("account-" + i, 1);
                if (i % 1_000 == 999) {
                    accounts.snapshot();
                }
            }
            accounts.change("account-7", 5);
            assertTrue(group.wal("snapshots").segments().size() <= 2, "old snapshots go");
        }
        try (WalGroup group = WalGroup.open(Accounts.config(temp))) {
            Accounts accounts = Accounts.in(group);
            assertEquals(1, accounts.replayed());
            assertEquals(6, accounts.balance("account-7"));
            assertEquals(1, accounts.balance("account-2999"));
        }
    }

    @Test
    void shouldShowAProjectionEverythingAgainWhenItIsRebuilt() {
        try (Wal events = Wal.open(config(temp.resolve("events")));
                Wal snapshots = Wal.open(config(temp.resolve("snapshots")))) {
            Accounts accounts = new Accounts(events, snapshots);
            ReadModel model = new ReadModel();
            for (int i = 0; i < 10; i++) {
                accounts.change("a", i);
                model.project(events);
            }
            assertEquals(10, model.shown, "each event once, while nothing fails");
            new Projection(events, "balances", event -> {}).rebuild();
            model.project(events);
            assertEquals(20, model.shown);
            assertEquals(accounts.balance("a"), model.balances.get("a"));
        }
    }
}
