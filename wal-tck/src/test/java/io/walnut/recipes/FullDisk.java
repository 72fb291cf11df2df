package io.walnut.recipes;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalRecord;
import java.util.Comparator;
import java.util.Optional;

/**
 * Appends to a log whose disk gets full: then it frees what its consumers have passed, and goes on. Thread-safe. The log
 * belongs to the caller, who closes it.
 */
final class FullDisk {
    private final Wal wal;

    FullDisk(Wal wal) {
        this.wal = wal;
    }

    /**
     * Appends, freeing space if need be.
     *
     * @throws WalException with the reason {@code DISK_FULL}, if there is nothing to free: the record is not in the log and
     *     will not be, all others are, and the log stays open. The caller tells whoever it was for, and may try again later
     */
    Position append(WalRecord record) {
        while (true) {
            Position start = wal.start();
            try {
                return wal.append(record);
            } catch (WalException e) {
                if (e.reason() != Reason.DISK_FULL || !free(start)) {
                    throw e;
                }
            }
        }
    }

    /** Deletes the segments that every consumer has passed, unless another thread just has; false if there are none. */
    private synchronized boolean free(Position start) {
        if (!wal.start().equals(start)) {
            return true;
        }
        Checkpoints consumers = wal.checkpoints();
        Optional<Position> needed = consumers.all().values().stream().min(Comparator.naturalOrder());
        return needed.isPresent() && wal.deleteSegmentsBefore(needed.get()) > 0;
    }
}
