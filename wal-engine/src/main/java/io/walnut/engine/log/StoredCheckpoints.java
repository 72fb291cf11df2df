package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.RecoveryReport;
import io.walnut.engine.format.CheckpointSlot;
import io.walnut.spi.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What was found of the checkpoints when a log was opened.
 *
 * @param slot what counts
 * @param exists whether there is a file
 * @param lost whether nothing in it is valid
 * @param problem what is wrong with the file, in plain words; empty if nothing is
 */
public record StoredCheckpoints(CheckpointSlot slot, boolean exists, boolean lost, String problem) {
    /** {@return what is stored of the checkpoints of a log} */
    public static StoredCheckpoints read(Storage storage, UUID log) throws IOException {
        return CheckpointFile.read(storage, log);
    }

    /** {@return nothing, of a log that has no file} */
    public static StoredCheckpoints none(UUID log) {
        return new StoredCheckpoints(new CheckpointSlot(0, log, Map.of()), false, false, "");
    }

    /** {@return a report that also tells of what is wrong here} */
    public RecoveryReport noted(RecoveryReport report) {
        if (problem.isEmpty()) {
            return report;
        }
        List<String> notes = new ArrayList<>(report.notes());
        notes.add(problem);
        return new RecoveryReport(
                report.clean(),
                report.segments(),
                report.segmentsScanned(),
                report.bytesScanned(),
                report.records(),
                report.firstSequence(),
                report.lastSequence(),
                report.end(),
                report.truncation(),
                notes,
                report.duration());
    }

    /**
     * {@return the positions; one at a place that was cut off the log is where the cut is}
     *
     * @param segments what is there of the log, none of it being appended to
     * @param end just past the last record
     */
    Map<String, Position> within(List<Segment> segments, Position end) {
        Map<String, Position> positions = new TreeMap<>();
        slot.positions().forEach((name, position) -> {
            Position kept = within(position, segments, end);
            positions.put(name, kept.equals(position) ? position : cutBack(name, kept));
        });
        return positions;
    }

    /** {@return where who was behind a cut goes on; what was archived of the segment with the cut is archived again} */
    static Position cutBack(String name, Position cut) {
        return name.equals(Checkpoints.ARCHIVED) ? new Position(cut.segment(), 0) : cut;
    }

    private static Position within(Position position, List<Segment> segments, Position end) {
        if (position.compareTo(end) > 0) {
            return end;
        }
        Position kept = position;
        for (Segment segment : segments) {
            if (segment.number() > position.segment()) {
                break;
            }
            Position last = new Position(segment.number(), segment.chainEnd());
            kept = last.compareTo(position) < 0 ? last : position;
        }
        return kept;
    }
}
