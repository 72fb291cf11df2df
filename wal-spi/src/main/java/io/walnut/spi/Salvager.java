package io.walnut.spi;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.util.List;

/** A backend that can copy what is still intact of a damaged log. Tools use it; opening a log never does. */
public interface Salvager {
    /**
     * Copies every record of a damaged log that verifies, whole batches only, in order, with its timestamps. The damaged
     * log is only read; nobody should have it open.
     *
     * @param damaged the log
     * @param target an open log, usually a new one; the copies have new sequences there
     * @return what was copied, and what was not
     * @throws io.walnut.api.WalException if something cannot be read at all, or not be appended
     */
    Report salvage(WalConfig damaged, Wal target);

    /**
     * What was copied, and what was not.
     *
     * @param records how many records were copied
     * @param gaps what is missing, in order
     */
    record Report(long records, List<Gap> gaps) {
        /** Copies the list. */
        public Report {
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * Something that could not be copied.
     *
     * @param file where it was, or should have been
     * @param offset where in the file the damage begins
     * @param firstSequence the sequence of the first record that is missing, 0 if unknown
     * @param nextSequence the sequence of the first record that was copied behind the gap, 0 if none was
     * @param why what was found
     */
    record Gap(String file, long offset, long firstSequence, long nextSequence, String why) {}
}
