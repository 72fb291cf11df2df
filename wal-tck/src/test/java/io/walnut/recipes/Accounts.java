package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import io.walnut.api.WalReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Accounts as the sum of what happened to them. One log holds the events, for ever; another one holds snapshots, of which
 * the last counts: a state, and the position of the first event that is not in it. Thread-safe. The logs belong to the
 * caller, who closes them.
 */
final class Accounts {
    private final Wal events;
    private final Wal snapshots;
    private final Map<String, Long> balances = new HashMap<>();
    private final long replayed;

    /** Loads the last snapshot and replays what happened since. */
    Accounts(Wal events, Wal snapshots) {
        this.events = events;
        this.snapshots = snapshots;
        this.replayed = replay(loadSnapshot());
    }

    /** A group for both logs. That of snapshots has small segments, so that old ones go soon. */
    static WalConfig config(Path root) {
        return WalConfig.builder(root)
                .set("wal.group.log.snapshots.segment.bytes", "64KiB")
                .build();
    }

    static Accounts in(WalGroup group) {
        return new Accounts(group.wal("events"), group.wal("snapshots"));
    }

    /** Whose event it is. */
    static String account(Entry event) {
        return text(event.record().key());
    }

    /** By how much the balance changed. */
    static long amount(Entry event) {
        return Long.parseLong(text(event.record().value()));
    }

    /** A command is checked against the state, becomes an event, and then changes the state. */
    synchronized void change(String account, long amount) {
        if (balance(account) + amount < 0) {
            throw new IllegalArgumentException(account + " has only " + balance(account));
        }
        events.append(account.getBytes(UTF_8), Long.toString(amount).getBytes(UTF_8));
        balances.merge(account, amount, Long::sum);
    }

    synchronized long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }

    /** {@return how many events were replayed at the start} */
    long replayed() {
        return replayed;
    }

    /** Makes the next start short. */
    synchronized void snapshot() {
        Position next = events.sync(); // a snapshot must not know more than a power loss leaves of the events
        StringBuilder state = new StringBuilder();
        balances.forEach((account, balance) ->
                state.append(balance).append(' ').append(account).append('\n'));
        Position snapshot = snapshots.append(
                next.toString().getBytes(UTF_8), state.toString().getBytes(UTF_8));
        snapshots.sync(); // before the older ones go
        snapshots.deleteSegmentsBefore(snapshot);
    }

    private Position loadSnapshot() {
        Position next = Position.START;
        String state = "";
        try (WalReader reader = snapshots.read(Position.START)) {
            while (reader.next()) {
                next = Position.parse(text(reader.key()));
                state = text(reader.value());
            }
        }
        state.lines().forEach(line -> {
            int space = line.indexOf(' ');
            balances.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
        });
        return next;
    }

    private long replay(Position from) {
        long count = 0;
        try (WalReader reader = events.read(from)) {
            for (Entry event : reader) {
                balances.merge(account(event), amount(event), Long::sum);
                count++;
            }
        }
        return count;
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
