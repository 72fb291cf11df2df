package io.walnut.tck.crash;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.spi.Salvager;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records that salvaging a damaged log has to copy: each record between whose first and last byte nothing was damaged. The parts
 * of a streamed value lie before its record, so to its bytes belongs everything since the record before. Where the end of
 * the last batch is damaged, nobody knows whether it had been completed: the rest of that batch may be copied or not.
 */
final class Salvaged {
    private final CrashSubject subject;
    private final DiskProfile profile;
    private final List<Extent> extents = new ArrayList<>();
    private final Map<String, Long> segments = new HashMap<>();

    /** A record and where its bytes are. */
    private record Extent(Found record, Position from, Position to, int batch) {
        boolean touches(long segment, long start, long end) {
            return new Position(segment, end).compareTo(from) > 0 && new Position(segment, start).compareTo(to) < 0;
        }
    }

    /**
     * Reads what is there before the damage.
     *
     * @param files those of the intact log
     * @param items its records, as they were appended
     */
    Salvaged(CrashSubject subject, DiskProfile profile, Map<String, byte[]> files, List<Item> items) {
        this.subject = subject;
        this.profile = profile;
        try (Wal wal = subject.open(SimulatedDisk.holding(profile, files));
                WalReader reader = wal.read(Position.START)) {
            for (SegmentInfo segment : wal.segments()) {
                segments.put(segment.name(), segment.number());
            }
            Position before = Position.START;
            while (reader.next()) {
                Position from = reader.isStreamed() ? before : reader.position();
                before = reader.nextPosition();
                extents.add(new Extent(Found.by(reader), from, before, items.get(extents.size()).batch));
            }
        } catch (IOException e) {
            throw new IllegalStateException("an intact log cannot be read", e);
        }
    }

    /**
     * Salvages a damaged log.
     *
     * @param damaged where it is
     * @param file the damaged file
     * @param from where the damage begins
     * @param to where it ends
     * @throws CrashViolation if a record is missing that is intact, or one is there that never was
     */
    void check(SimulatedDisk damaged, String file, long from, long to) throws IOException {
        List<Found> copied;
        Salvager.Report report;
        try (Wal target = subject.open(new SimulatedDisk(profile))) {
            report = subject.salvage(damaged, target);
            copied = Recovered.read(target).records();
        }
        int next = 0;
        for (Extent each : extents) {
            boolean there = next < copied.size() && sameRecord(each.record(), copied.get(next));
            if (there) {
                next++;
            } else if (isIntact(each, file, from, to)) {
                throw new CrashViolation(
                        Rule.SALVAGED,
                        each.record() + " is intact and was not copied; there are " + copied + ", and " + report);
            }
        }
        if (next < copied.size()
                && segments.containsKey(file)) { // what keeps the state may say that it had been removed
            throw new CrashViolation(Rule.SALVAGED, copied.get(next) + " was copied from nowhere: " + report);
        }
        if (copied.size() != report.records()) {
            throw new CrashViolation(Rule.SALVAGED, "there are " + copied + ", but " + report);
        }
        if (copied.size() < extents.size() && report.damage().isEmpty()) {
            throw new CrashViolation(Rule.SALVAGED, "there are only " + copied + ", and nothing says so: " + report);
        }
    }

    private boolean isIntact(Extent extent, String file, long from, long to) {
        Long segment = segments.get(file);
        if (segment == null) {
            return true;
        }
        boolean inLastBatch = extent.batch() == extents.get(extents.size() - 1).batch();
        boolean restTouched = inLastBatch
                && extents.stream()
                        .filter(each -> each.batch() == extent.batch())
                        .anyMatch(each -> each.touches(segment, from, to));
        return !extent.touches(segment, from, to) && !restTouched;
    }

    private static boolean sameRecord(Found one, Found other) {
        return one.deletes() == other.deletes()
                && Arrays.equals(one.key(), other.key())
                && Arrays.equals(one.value(), other.value());
    }
}
