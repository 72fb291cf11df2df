package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalGroup;
import io.walnut.api.WalLockedException;
import io.walnut.api.WalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups of logs. */
abstract class GroupRules extends WalRules {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    GroupRules() {}

    @AfterEach
    final void stop() {
        threads.shutdownNow();
    }

    private WalGroup group() {
        return log().provider()
                .openGroup(log().config(Map.of("wal.dir", directory("group").toString())));
    }

    /** If this fails, look at which directory a name stands for, and at what the group's opening finds. */
    @Test
    @Needs(Capability.GROUPS)
    final void optional_W981_keepsTheLogsOfAGroupApartAndFindsThemAgain() {
        List<Entry> orders;
        List<Entry> payments;
        try (WalGroup group = group()) {
            append(group.wal("orders", 3), records(0, 20));
            append(group.wal("payments"), records(20, 20));
            append(group.wal("orders-3"), records(40, 20));
            orders = entries(group.wal("orders", 3));
            payments = entries(group.wal("payments"));
            assertEquals(40, orders.size());
            assertEquals(20, payments.size());
            assertEquals(1, payments.get(0).sequence());
        }
        try (WalGroup group = group()) {
            assertEquals(Set.of("orders-3", "payments"), group.names());
            assertEquals(0, group.openLogs());
            assertEquals(orders, entries(group.wal("orders-3")));
            assertEquals(payments, entries(group.wal("payments")));
        }
    }

    /** If this fails, look at what is checked before a name becomes a directory. */
    @Test
    @Needs(Capability.GROUPS)
    final void optional_W982_refusesWhatIsNoName() {
        try (WalGroup group = group()) {
            for (String name :
                    new String[] {"", ".", "..", "../a", "a/b", "a\\b", "A", "a.b", "-a", "con", "lock", "a b"}) {
                assertThrows(WalConfigException.class, () -> group.wal(name), () -> "'" + name + "'");
            }
            assertThrows(WalConfigException.class, () -> group.wal("a", -1));
            assertEquals(Set.of(), group.names());
        }
    }

    /** If this fails, look at two threads that find that a log is not open yet. */
    @Test
    @Needs(Capability.GROUPS)
    final void optional_W983_opensOneLogForAllWhoAskAtTheSameTime() throws Exception {
        int many = 8;
        try (WalGroup group = group()) {
            CyclicBarrier start = new CyclicBarrier(many);
            List<Future<Position>> all = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    start.await();
                    return group.wal("first").append(record(number));
                }));
            }
            for (Future<Position> each : all) {
                each.get(1, TimeUnit.MINUTES);
            }
            assertEquals(many, entries(group.wal("first")).size());
            assertEquals(1, group.openLogs());
        }
    }

    /** If this fails, look at what is left of a log that was dropped, in memory and in the directory. */
    @Test
    @Needs(Capability.GROUPS)
    final void optional_W984_dropsALogForGood() {
        try (WalGroup group = group()) {
            Wal gone = group.wal("gone");
            append(gone, records(0, 10));
            append(group.wal("stays"), records(0, 3));
            WalReader reader = gone.read(Position.START);
            assertTrue(group.drop("gone"));
            assertFalse(group.drop("gone"));
            assertThrows(WalClosedException.class, () -> gone.append(record(1)));
            assertThrows(WalClosedException.class, reader::next);
            assertEquals(Set.of("stays"), group.names());
            append(group.wal("gone"), records(5, 1));
        }
        try (WalGroup group = group()) {
            assertHolds(group.wal("gone"), records(5, 1));
            assertHolds(group.wal("stays"), records(0, 3));
            assertTrue(group.drop("gone"));
        }
        try (WalGroup group = group()) {
            assertEquals(Set.of("stays"), group.names());
        }
    }

    /** If this fails, look at what happens to the log that was given when it is closed for being idle. */
    @Test
    @Needs(Capability.GROUPS)
    final void optional_W985_closesWhatIsIdleAndOpensItAgainWhenItIsUsed() {
        try (WalGroup group = group()) {
            Wal wal = group.wal("idle");
            append(wal, records(0, 5));
            try (WalReader reader = wal.read(Position.START)) {
                assertEquals(0, group.closeIdle(Duration.ZERO));
                assertTrue(reader.next());
            }
            assertEquals(0, group.closeIdle(Duration.ofDays(1)));
            assertEquals(1, group.closeIdle(Duration.ZERO));
            assertEquals(0, group.openLogs());
            append(wal, records(5, 5));
            assertEquals(1, group.openLogs());
            assertHolds(wal, records(0, 10));
        }
    }

    /** If this fails, look at the lock on the root, and at what a group leaves open when it is closed. */
    @Test
    @Needs(Capability.GROUPS)
    final void optional_W986_refusesASecondGroupAndClosesAllLogsWithTheFirst() {
        WalGroup group = group();
        Wal wal = group.wal("a");
        append(wal, records(0, 5));
        assertThrows(WalLockedException.class, this::group);
        group.close();
        group.close();
        assertThrows(WalClosedException.class, () -> wal.append(record(1)));
        assertThrows(WalClosedException.class, () -> group.wal("a"));
        try (WalGroup again = group()) {
            assertHolds(again.wal("a"), records(0, 5));
        }
    }
}
