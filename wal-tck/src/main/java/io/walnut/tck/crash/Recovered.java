package io.walnut.tck.crash;

import io.walnut.api.Capability;
import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be read from a log.
 *
 * @param records the records, oldest first
 * @param report what opening the log reported
 * @param start {@link Wal#start()}
 * @param end {@link Wal#end()}
 * @param checkpoint where the checkpoint is, if there is one
 */
record Recovered(
        List<Found> records, RecoveryReport report, Position start, Position end, Optional<Position> checkpoint) {
    private static final int TOO_MANY = 100_000;

    /** Opens a log that has to open. */
    static Wal open(CrashSubject subject, SimulatedDisk disk, Tally tally) {
        tally.opened();
        try {
            return subject.open(disk);
        } catch (WalException e) {
            throw new CrashViolation(Rule.OPENS, "the log does not open: " + e.getMessage(), e);
        }
    }

    /** Opens a log that has to open, and reads it. */
    static Recovered of(CrashSubject subject, SimulatedDisk disk, Tally tally) {
        return read(open(subject, disk, tally));
    }

    static Recovered read(Wal wal) {
        List<Found> records = new ArrayList<>();
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                records.add(Found.by(reader));
                if (records.size() > TOO_MANY) {
                    throw new CrashViolation(Rule.PREFIX, "reading does not end");
                }
            }
        } catch (WalException | IOException e) {
            throw new CrashViolation(
                    Rule.READABLE, "after " + records.size() + " records reading fails: " + e.getMessage(), e);
        }
        return new Recovered(records, wal.recovery(), wal.start(), wal.end(), checkpoint(wal));
    }

    private static Optional<Position> checkpoint(Wal wal) {
        return wal.capabilities().contains(Capability.CHECKPOINTS)
                ? wal.checkpoints().load(SavedCheckpoints.NAME)
                : Optional.empty();
    }

    /** {@return how many records lie before the checkpoint, if so many lie before the first one here} */
    int before(int low) {
        if (checkpoint.isEmpty()) {
            return SavedCheckpoints.NONE;
        }
        return low
                + Math.toIntExact(records.stream()
                        .filter(each -> each.position().compareTo(checkpoint.get()) < 0)
                        .count());
    }

    boolean same(Recovered other) {
        return Found.same(records, other.records);
    }

    @Override
    public String toString() {
        return records.size() + " records" + (records.isEmpty() ? "" : ", the last " + records.get(records.size() - 1));
    }
}
