package io.walnut.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What opening a log found and did.
 *
 * @param clean whether the log had been closed in order (or was new), so that nothing had to be scanned
 * @param segments how many segments there are
 * @param segmentsScanned how many of them had to be read
 * @param bytesScanned how many bytes were read for that
 * @param records how many records the log holds
 * @param firstSequence the sequence of the first record, 0 if there is none
 * @param lastSequence the sequence of the last record that was ever kept, 0 if there was none
 * @param end just past the last record
 * @param truncation what was cut off, if anything was
 * @param notes anything else a person should know, in plain words
 * @param duration how long it took
 */
public record RecoveryReport(
        boolean clean,
        int segments,
        int segmentsScanned,
        long bytesScanned,
        long records,
        long firstSequence,
        long lastSequence,
        Position end,
        Optional<Truncation> truncation,
        List<String> notes,
        Duration duration) {

    /**
     * What was cut off the end of a log.
     *
     * @param position where the cut is
     * @param file the file in which the cut is
     * @param bytes how many bytes with content were dropped behind it, over all files
     * @param why what was found there, in plain words
     * @param quarantine where the bytes were kept, if there was room
     */
    public record Truncation(Position position, String file, long bytes, String why, Optional<String> quarantine) {}

    /** Copies the list. */
    public RecoveryReport {
        notes = List.copyOf(notes);
    }

    /** {@return how many bytes with content were cut off, 0 if none} */
    public long bytesTruncated() {
        return truncation.map(Truncation::bytes).orElse(0L);
    }
}
