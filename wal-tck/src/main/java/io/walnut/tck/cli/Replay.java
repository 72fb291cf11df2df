package io.walnut.tck.cli;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A recovered log compared, record by record, with what had been acknowledged. The child appends one record at a time
 * and reports each before the next, so behind the last acknowledged record there may be one more, not two.
 *
 * @param acknowledged how many records had been acknowledged
 * @param found how many records the log gave back
 * @param missing how many acknowledged records it did not give back
 * @param changed how many differ from what was appended in their place: other bytes, or another order
 * @param moved how many are not at the position that was acknowledged
 * @param neverIssued how many the child cannot have appended
 * @param findings the first few things that do not hold, in plain words
 * @param duration how long the reading took
 */
record Replay(
        long acknowledged,
        long found,
        long missing,
        long changed,
        long moved,
        long neverIssued,
        List<String> findings,
        Duration duration) {
    private static final int MAX_FINDINGS = 5;

    static Replay of(Wal wal, SourceText text, Acknowledgements acknowledged, Progress progress) {
        long start = System.nanoTime();
        List<String> findings = new ArrayList<>();
        long found = 0;
        long changed = 0;
        long moved = 0;
        try (WalReader reader = wal.read(Position.START)) {
            for (; reader.next(); found++) {
                progress.at(found);
                if (!isAsAppended(reader, text, found)) {
                    changed++;
                    note(
                            findings,
                            "the record at " + reader.position() + " is not the one that was appended as number "
                                    + (found + 1));
                }
                if (found < acknowledged.count() && !reader.position().equals(acknowledged.get((int) found))) {
                    moved++;
                    note(
                            findings,
                            "record number " + (found + 1) + " is at " + reader.position() + " but was acknowledged at "
                                    + acknowledged.get((int) found));
                }
            }
        } catch (WalException e) {
            findings.add("reading ended after " + found + " records: " + e.getMessage());
        }
        long missing = Math.max(0, acknowledged.count() - found);
        if (missing > 0) {
            findings.add(missing + " acknowledged records are missing, from number " + (found + 1) + " at "
                    + acknowledged.get((int) found));
        }
        long neverIssued = Math.max(0, found - acknowledged.count() - 1);
        if (neverIssued > 0) {
            findings.add(neverIssued + " records at the end were never issued");
        }
        progress.finish();
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        return new Replay(
                acknowledged.count(), found, missing, changed, moved, neverIssued, List.copyOf(findings), duration);
    }

    private static boolean isAsAppended(WalReader reader, SourceText text, long number) {
        return reader.sequence() == number + 1
                && reader.kind() == WalRecord.Kind.PUT
                && reader.key().equals(ByteBuffer.wrap(SourceText.key(number)))
                && reader.value().equals(ByteBuffer.wrap(text.value(number)));
    }

    private static void note(List<String> findings, String finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        }
    }

    /** {@return whether everything acknowledged is there, in order, byte for byte, and nothing that was never issued} */
    boolean holds() {
        return findings.isEmpty();
    }

    /** {@return how many records were recovered whose acknowledgement the kill prevented: none or one} */
    long onTheirWay() {
        return Math.max(0, found - acknowledged - neverIssued);
    }
}
