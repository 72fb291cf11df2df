package io.walnut.tck.cli;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What is new in a log since it was last looked at: its records, and what happened to its segments. */
final class LogTail {
    /** Takes a record; says whether it wants more. */
    interface Records {
        boolean take(Entry entry) throws IOException;
    }

    private final Records records;
    private final Consumer<String> events;
    private List<SegmentInfo> seen = List.of();
    private Position next;
    private long lastSequence;
    private boolean looked;

    /**
     * A tail.
     *
     * @param from where it starts
     * @param records is given what was appended, in order
     * @param events is told what happened: a name as in the messages of the engine, then {@code key=value}
     */
    LogTail(Position from, Records records, Consumer<String> events) {
        this.next = from;
        this.records = records;
        this.events = events;
    }

    /**
     * Looks at the log as it is now.
     *
     * @return false once no more records are wanted
     */
    boolean look(Wal wal) throws IOException {
        compare(wal);
        seen = wal.segments();
        looked = true;
        return read(wal);
    }

    private void compare(Wal wal) {
        List<SegmentInfo> now = wal.segments();
        if (!looked) {
            events.accept("wal.seen segments=" + now.size() + " start=" + wal.start() + " end=" + wal.end());
        }
        wal.recovery()
                .truncation()
                .filter(cut -> !looked)
                .ifPresent(cut -> events.accept("wal.truncated file=" + cut.file() + " position=" + cut.position()
                        + " bytes=" + cut.bytes() + " why=\"" + cut.why() + "\""));
        long lowest = now.isEmpty() ? Long.MAX_VALUE : now.get(0).number();
        long deleted = seen.stream().filter(each -> each.number() < lowest).count();
        if (deleted > 0) {
            events.accept("wal.segments_deleted segments=" + deleted + " start=" + wal.start());
        }
        for (SegmentInfo each : now) {
            boolean known = seen.stream().anyMatch(before -> before.number() == each.number());
            boolean wasSealed = seen.stream().anyMatch(before -> before.number() == each.number() && before.sealed());
            if (looked && !known) {
                events.accept("wal.segment_rolled segment=" + each.number() + " start=" + each.start());
            }
            if (looked && each.sealed() && !wasSealed) {
                events.accept("wal.segment_sealed segment=" + each.number() + " records=" + each.records() + " bytes="
                        + each.bytes());
            }
        }
        long last = wal.recovery().lastSequence();
        if (looked && last < lastSequence) {
            events.accept("wal.suffix_removed end=" + wal.end() + " lastSequence=" + last);
        }
        lastSequence = last;
    }

    private boolean read(Wal wal) throws IOException {
        try (WalReader reader = wal.read(next)) {
            while (reader.next()) {
                next = reader.nextPosition();
                if (!records.take(reader.entry())) {
                    return false;
                }
            }
        } catch (PositionUnavailableException e) {
            Position from = next.compareTo(e.start()) < 0 ? e.start() : e.end();
            events.accept("wal.gap position=" + next + " continues=" + from);
            next = from;
        }
        return true;
    }
}
