package io.walnut.engine.log;

import io.walnut.api.BackPressureException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;

/** Brings appends to the tail of the log. What one lacks there it waits for, outside of the append lock, and tries again. */
final class AppendLoop {
    /** Rounds in which nothing changed; others may end what an append waits for without a change, but not this often. */
    private static final int MAX_IDLE_ROUNDS = 1000;

    private final Appender appender;
    private final SpaceKeeper space;
    private final Drain drain;
    private final Committer committer;
    private final Patience patience;
    private final long maxUnsyncedBytes;

    AppendLoop(
            Appender appender,
            SpaceKeeper space,
            Drain drain,
            Committer committer,
            Patience patience,
            long maxUnsyncedBytes) {
        this.appender = appender;
        this.space = space;
        this.drain = drain;
        this.committer = committer;
        this.patience = patience;
        this.maxUnsyncedBytes = maxUnsyncedBytes;
    }

    /**
     * Appends what a buffer holds.
     *
     * @param mayWait whether to wait for the device when too much is unforced, or for space on a full disk, or to refuse
     * @return what it is time to prepare, as {@link ActiveSegment#due} says
     */
    int append(AppendBuffer buffer, boolean mayWait) {
        try {
            return appendInTurn(buffer, mayWait);
        } catch (WalException e) {
            if (e.reason() != Reason.DISK_FULL || !mayWait) {
                throw e;
            }
            return patience.untilSpace(e, () -> appendInTurn(buffer, true));
        }
    }

    private int appendInTurn(AppendBuffer buffer, boolean mayWait) {
        int result = appender.tryToAppend(buffer);
        return result >= 0 ? result : appendOnceThereIs(result, buffer, mayWait);
    }

    private int appendOnceThereIs(int firstLack, AppendBuffer buffer, boolean mayWait) {
        int size = buffer.size();
        long forceDeadline = 0;
        boolean waited = false;
        int lack = firstLack;
        Appender.Room before = null;
        int idle = 0;
        while (lack < 0) {
            Appender.Room room = appender.room();
            idle = room.equals(before) ? idle + 1 : 0;
            if (idle > MAX_IDLE_ROUNDS) {
                throw noProgress(size, lack, room);
            }
            before = room;
            switch (lack) {
                case Appender.LACKS_TURN -> appender.awaitTurn();
                case Appender.LACKS_STAGE -> drain.makeRoom(size);
                case Appender.LACKS_SPACE -> space.provide(size, waited);
                default -> {
                    committer.countBackPressure(waited);
                    forceDeadline = forceDeadline == 0 ? patience.forceDeadline() : forceDeadline;
                    awaitForce(mayWait, forceDeadline);
                }
            }
            waited = true;
            lack = appender.tryToAppend(buffer);
        }
        return lack;
    }

    private static WalException noProgress(int size, int lack, Appender.Room room) {
        return new WalException(
                Reason.INTERNAL,
                Outcome.REJECTED,
                "an append of " + size + " bytes found no place and nothing changes that (" + lack + ", " + room
                        + "); nothing was appended; please report this",
                null);
    }

    private void awaitForce(boolean mayWait, long deadline) {
        boolean waits = mayWait && patience.waitsForForce();
        if (!waits) {
            committer.forceSoon();
        }
        if (!waits || !committer.awaitSpace(deadline)) {
            throw new BackPressureException("more than " + maxUnsyncedBytes
                    + " bytes wait to be forced; wal.unsynced.max.bytes sets the limit; try again when appends have"
                    + " become durable");
        }
    }
}
