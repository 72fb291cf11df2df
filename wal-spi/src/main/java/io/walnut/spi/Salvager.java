package io.walnut.spi;

import io.walnut.api.Damage;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.util.List;

/** A backend that can copy what is still intact of a damaged log. Tools use it; opening a log never does. */
public interface Salvager {
    /**
     * Copies every record of a damaged log whose own bytes are intact, in order, with its timestamps, and the checkpoints.
     * Records of a batch are copied although another one of it is damaged; those of a batch that was never completed are
     * not, nor what was deleted or truncated. The damaged log is only read.
     *
     * @param damaged the log
     * @param target an open log, usually a new one; the copies have new sequences there
     * @return what was copied, and what was not
     * @throws io.walnut.api.WalLockedException if somebody has the damaged log open
     * @throws io.walnut.api.WalException if something cannot be read at all, or not be appended
     */
    Report salvage(WalConfig damaged, Wal target);

    /**
     * Reads and verifies everything that {@link #salvage} would copy, and copies nothing.
     *
     * @param damaged the log
     * @return what would be copied, and what would not
     * @throws io.walnut.api.WalException as {@link #salvage}
     */
    Report survey(WalConfig damaged);

    /**
     * What was copied, and what was not.
     *
     * @param records how many records were copied
     * @param lastSequence the sequence of the last record that is known to have been there, copied or not
     * @param damage what is missing, in order
     * @param notes what else is worth knowing, in plain words
     */
    record Report(long records, long lastSequence, List<Damage> damage, List<String> notes) {
        /** Copies the lists. */
        public Report {
            damage = List.copyOf(damage);
            notes = List.copyOf(notes);
        }
    }
}
