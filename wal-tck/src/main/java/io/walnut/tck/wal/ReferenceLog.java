package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.WalRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A list in memory that is what a log should be: each record under the position that its append returned, those of which
 * nobody knows, and up to where everything is on the device. The oracle of the suite. Thread-safe.
 */
public final class ReferenceLog {
    /** What has happened to the log since it was last open. */
    public enum End {
        /** It was closed. Nothing may be missing. */
        CLOSED,
        /** Its process was killed. Nothing that was acknowledged may be missing. */
        KILLED,
        /** The power was cut. Nothing that was durable may be missing. */
        POWER_LOST
    }

    private final NavigableMap<Position, WalRecord> acknowledged = new TreeMap<>();
    private final List<WalRecord> uncertain = new ArrayList<>();
    private final Set<Position> removed = new HashSet<>();
    private Position durable = Position.START;
    private boolean deleted;

    /** An empty log. */
    public ReferenceLog() {}

    /** A record was acknowledged at a position. */
    synchronized void acknowledged(Position position, WalRecord record) {
        assertTrue(!removed.contains(position), () -> "the position " + position + " names another record again");
        WalRecord before = acknowledged.put(position, record);
        if (before != null) {
            fail("the position " + position + " was handed out twice, for " + before + " and for " + record);
        }
    }

    /** Nobody knows what became of these. */
    synchronized void uncertain(Collection<WalRecord> records) {
        uncertain.addAll(records);
    }

    /** Everything below a position is on the device. */
    synchronized void durable(Position end) {
        durable = durable.compareTo(end) < 0 ? end : durable;
    }

    /**
     * Segments were deleted.
     *
     * @param upTo up to where deleting was allowed
     * @param start what is retained now
     */
    synchronized void deleted(Position upTo, Position start) {
        if (start.compareTo(upTo) > 0) {
            Map<Position, WalRecord> lost = acknowledged.subMap(upTo, start);
            assertTrue(lost.isEmpty(), () -> "deleting before " + upTo + " deleted " + lost);
        }
        int before = acknowledged.size();
        acknowledged.headMap(start).clear();
        deleted |= acknowledged.size() < before;
    }

    /** Everything behind the record at a position was removed, and will never be there again. */
    synchronized void truncated(Position position, Position end) {
        NavigableMap<Position, WalRecord> gone = acknowledged.tailMap(position, false);
        removed.addAll(gone.keySet());
        gone.clear();
        uncertain.clear();
        durable = end;
    }

    /** {@return how many records were acknowledged and not deleted} */
    synchronized int size() {
        return acknowledged.size();
    }

    /** {@return the positions of the records, in order} */
    synchronized List<Position> positions() {
        return List.copyOf(acknowledged.keySet());
    }

    /**
     * Compares what is found in a log with what must be there.
     *
     * @param found everything that the log holds, in order
     * @param end what happened to the log before
     */
    synchronized void check(List<Entry> found, End end) {
        checkSequences(found);
        List<WalRecord> mayBeThere = new ArrayList<>(uncertain);
        NavigableMap<Position, WalRecord> missing = new TreeMap<>(acknowledged);
        for (Entry entry : found) {
            WalRecord expected = missing.remove(entry.position());
            if (expected != null) {
                assertSame(expected, entry);
            } else {
                boolean explained = mayBeThere.removeIf(each -> isSame(each, entry.record()));
                assertTrue(explained, () -> "the log holds " + entry + ", which was never appended there");
            }
        }
        NavigableMap<Position, WalRecord> lost = end == End.POWER_LOST ? missing.headMap(durable, false) : missing;
        assertTrue(
                lost.isEmpty(),
                () -> lost.size() + " acknowledged records are not in the log, which had been "
                        + end.name().toLowerCase(java.util.Locale.ROOT) + "; the first: " + lost.firstEntry());
    }

    private void checkSequences(List<Entry> found) {
        for (int i = 0; i < found.size(); i++) {
            Entry entry = found.get(i);
            if (i == 0) {
                assertTrue(
                        deleted ? entry.sequence() > 0 : entry.sequence() == 1,
                        () -> "the first record has the sequence " + entry.sequence());
            } else {
                assertEquals(
                        found.get(i - 1).sequence() + 1,
                        entry.sequence(),
                        () -> "the sequence of the record at " + entry.position());
                assertTrue(
                        found.get(i - 1).position().compareTo(entry.position()) < 0,
                        () -> "the record at " + entry.position() + " comes behind a later position");
            }
        }
    }

    /** Fails unless an entry is what was appended. */
    static void assertSame(WalRecord expected, Entry found) {
        assertTrue(
                isSame(expected, found.record()),
                () -> "at " + found.position() + " stands " + found.record() + " instead of " + expected
                        + (sameBytes(expected, found.record()) ? "" : "; the bytes differ"));
    }

    private static boolean isSame(WalRecord expected, WalRecord found) {
        return sameBytes(expected, found)
                && expected.kind() == found.kind()
                && expected.ttl().equals(found.ttl())
                && expected.version().equals(found.version())
                && found.codec().isEmpty()
                && found.timestamp().isPresent()
                && (expected.timestamp().isEmpty() || expected.timestamp().equals(found.timestamp()));
    }

    private static boolean sameBytes(WalRecord expected, WalRecord found) {
        return expected.key().equals(found.key())
                && (found.isStreamed()
                        ? expected.valueLength() == found.valueLength()
                        : expected.value().equals(found.value()));
    }
}
