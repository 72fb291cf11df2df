package io.walnut.tck.cli;

import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A segment read from end to end.
 *
 * @param read how many records could be read
 * @param problems what is not as it should be, one sentence each
 * @param gone whether it was not there any more: deleted or truncated meanwhile, or taken away
 */
record SegmentCheck(long read, List<String> problems, boolean gone) {
    static SegmentCheck of(Wal wal, SegmentInfo segment) {
        List<String> problems = new ArrayList<>();
        if (segment.records() == 0) {
            return new SegmentCheck(
                    0, problems, false); // perhaps parts of a value that no record closes, behind the end
        }
        long read = 0;
        Optional<Instant> last = Optional.empty();
        try (WalReader reader = wal.read(segment.start())) {
            while (read < segment.records() && reader.next()) {
                long expected = segment.firstSequence() + read;
                if (reader.position().segment() != segment.number()) {
                    break;
                }
                if (reader.sequence() != expected) {
                    problems.add("at " + reader.position() + " stands the record with sequence " + reader.sequence()
                            + " where " + expected + " was expected");
                    break;
                }
                if (reader.isStreamed()) {
                    try (InputStream value = reader.valueStream()) {
                        value.transferTo(OutputStream.nullOutputStream());
                    }
                }
                Instant time = reader.timestamp();
                last = last.filter(time::isBefore).or(() -> Optional.of(time));
                read++;
            }
            compare(segment, read, last, reader, problems);
        } catch (IOException e) {
            problems.add("a value cannot be read: " + e.getMessage());
        } catch (PositionUnavailableException e) {
            problems.add(String.valueOf(e.getMessage()));
            return new SegmentCheck(read, problems, true);
        } catch (WalException e) {
            problems.add(e.position().map(position -> "at " + position + ": ").orElse("") + e.getMessage());
        }
        return new SegmentCheck(read, problems, false);
    }

    private static void compare(
            SegmentInfo segment, long read, Optional<Instant> last, WalReader reader, List<String> problems) {
        if (!problems.isEmpty()) {
            return;
        }
        if (read != segment.records()) {
            problems.add("holds " + read + " records where " + segment.records() + " were expected");
            return;
        }
        if (!reader.nextPosition().equals(segment.end())) {
            problems.add("its records end at " + reader.nextPosition() + " where " + segment.end() + " was expected");
        }
        if (!last.equals(segment.lastTimestamp())) {
            problems.add("its greatest timestamp is " + last.orElse(null) + " where "
                    + segment.lastTimestamp().orElse(null) + " was expected");
        }
    }
}
