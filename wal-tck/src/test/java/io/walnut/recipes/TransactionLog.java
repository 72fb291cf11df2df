package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The redo log of a database that is kept in memory. A transaction collects its changes; its commit is one batch in the
 * log, and what was not committed was never written. Thread-safe. The log belongs to the caller, who closes it.
 */
final class TransactionLog {
    private final Wal wal;
    private final Map<String, String> rows = new HashMap<>();
    private final Object order = new Object();

    /** Redoes every transaction that is in the log: whole ones only, whatever the crash. */
    TransactionLog(Wal wal) {
        this.wal = wal;
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                redo(reader.record());
            }
        }
    }

    Transaction begin() {
        return new Transaction();
    }

    /** What was committed last; never a part of a transaction. */
    Map<String, String> snapshot() {
        synchronized (rows) {
            return Map.copyOf(rows);
        }
    }

    private void redo(WalRecord change) {
        String row = UTF_8.decode(change.key()).toString();
        if (change.kind() == WalRecord.Kind.DELETE) {
            rows.remove(row);
        } else {
            rows.put(row, UTF_8.decode(change.value()).toString());
        }
    }

    private void apply(Collection<WalRecord> changes) {
        synchronized (rows) {
            changes.forEach(this::redo);
        }
    }

    /** Changes that are made together or not at all. Belongs to one thread; dropping it is a rollback. */
    final class Transaction {
        private final Map<String, WalRecord> changes = new LinkedHashMap<>();

        private Transaction() {}

        void put(String row, String value) {
            changes.put(row, WalRecord.put(row.getBytes(UTF_8), value.getBytes(UTF_8)));
        }

        void delete(String row) {
            changes.put(row, WalRecord.delete(row.getBytes(UTF_8)));
        }

        /** {@return what this transaction sees: its own change, or what was committed} */
        Optional<String> get(String row) {
            WalRecord own = changes.get(row);
            if (own != null) {
                return own.kind() == WalRecord.Kind.DELETE
                        ? Optional.empty()
                        : Optional.of(UTF_8.decode(own.value()).toString());
            }
            synchronized (rows) {
                return Optional.ofNullable(rows.get(row));
            }
        }

        /**
         * Returns when the transaction is on the device, and visible. Transactions that wait at the same time share one
         * force.
         *
         * @throws WalException if not: with the outcome {@code REJECTED} it has not happened and can be tried again, with
         *     {@code INDETERMINATE} only opening the log again tells
         */
        void commit() {
            CompletableFuture<Void> visible;
            synchronized (order) { // the log's order is the order of visibility; nobody waits for the device in here
                visible = wal.appendBatchAsync(List.copyOf(changes.values()))
                        .thenAccept(positions -> apply(changes.values()));
            }
            try {
                visible.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof WalException why ? why : e;
            }
        }
    }
}
