package io.walnut.tck.crash;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.RecoveryReport;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.util.List;
import java.util.stream.Stream;

/** Compares what was found with what the ledger says. */
final class Oracle {
    private static final int LOST_POSITIONS = 3;

    private Oracle() {}

    /**
     * Checks what was found, and gives the ledger of the life that begins with it.
     *
     * @throws CrashViolation if something is missing, wrong, or too much
     */
    static Ledger check(Ledger ledger, Ledger.Bounds bounds, Recovered recovered) {
        int low = checkRecords(
                ledger, bounds, recovered, Math.toIntExact(recovered.report().lastSequence()));
        report(recovered, low, low + recovered.records().size());
        Ledger next = ledger.next(low, recovered.records());
        next.checkpoints.begin(
                bounds.checkpoints(),
                checkpoint(bounds, recovered, low),
                low + recovered.records().size());
        return next;
    }

    /** Checks the records alone, of a log that was used since it was opened. */
    static int checkRecords(Ledger ledger, Ledger.Bounds bounds, Recovered recovered, int ifEmpty) {
        List<Found> found = recovered.records();
        int low = found.isEmpty() ? ifEmpty : Math.toIntExact(found.get(0).sequence() - 1);
        int end = low + found.size();
        content(ledger, low, found);
        if (!bounds.allow(end) && end < bounds.least()) {
            throw new CrashViolation(
                    Rule.DURABLE,
                    "at least the first " + bounds.least() + " records must be there, but the log ends after " + end
                            + ": " + ledger.history.get(end) + " is missing");
        }
        if (!bounds.allow(end)) {
            throw new CrashViolation(
                    Rule.PREFIX, "only " + bounds.most() + " records had been appended, but the log ends after " + end);
        }
        if (low < bounds.lowest() || low > bounds.highest()) {
            throw new CrashViolation(
                    Rule.DELETION,
                    "the first record there has number " + low + ", expected " + bounds.lowest()
                            + (bounds.lowest() == bounds.highest() ? "" : " to " + bounds.highest()));
        }
        atomic(ledger, low);
        if (end != bounds.instead()) {
            atomic(ledger, end);
        }
        return low;
    }

    /** {@return before how many records the checkpoint is, as it was found; that has to be one of those it may be} */
    private static int checkpoint(Ledger.Bounds bounds, Recovered recovered, int low) {
        int end = low + recovered.records().size();
        int found = recovered.before(low);
        for (int each : bounds.checkpoints()) {
            int expected = each == SavedCheckpoints.NONE ? each : Math.max(low, each);
            if (found == expected || end == bounds.instead() && found == Math.min(end, expected)) {
                return each == SavedCheckpoints.NONE ? each : Math.min(each, end);
            }
        }
        throw new CrashViolation(
                Rule.CHECKPOINTS,
                "the checkpoint is " + recovered.checkpoint() + ", before record number " + found + ", expected one of "
                        + bounds.checkpoints() + " in a log from " + low + " to " + end);
    }

    /** Whatever retention has deleted had been archived. */
    static void checkArchive(Ledger ledger, Recovered archived, Recovered recovered) {
        content(ledger, 0, archived.records());
        long low = recovered.records().isEmpty()
                ? recovered.report().lastSequence()
                : recovered.records().get(0).sequence() - 1;
        if (archived.records().size() < low) {
            throw new CrashViolation(
                    Rule.ARCHIVED,
                    "the log begins behind record " + low + ", and the archive ends after record "
                            + archived.records().size() + ": " + archived.report());
        }
    }

    private static void content(Ledger ledger, int low, List<Found> found) {
        Position before = Position.START;
        for (int i = 0; i < found.size(); i++) {
            Found each = found.get(i);
            if (each.sequence() != low + i + 1) {
                throw new CrashViolation(
                        Rule.PREFIX, "expected the sequence " + (low + i + 1) + " but found record " + each);
            }
            Item expected = low + i < ledger.history.size() && low + i >= 0 ? ledger.history.get(low + i) : null;
            if (expected == null || !expected.is(each)) {
                Rule rule = Ledger.find(ledger.lost, each) != null
                        ? Rule.STABLE
                        : Ledger.find(ledger.rejected, each) != null ? Rule.REJECTED_STAYS_OUT : Rule.PREFIX;
                throw new CrashViolation(
                        rule, "record " + each + " is there, expected " + (expected == null ? "nothing" : expected));
            }
            if (each.position().compareTo(before) <= 0) {
                throw new CrashViolation(
                        Rule.POSITIONS, "record " + each + " does not lie behind the one before, at " + before);
            }
            before = each.position();
            Position known = expected.position;
            Item named = ledger.exposed.get(each.position());
            if ((known != null && !known.equals(each.position())) || (named != null && !named.is(each))) {
                throw new CrashViolation(
                        Rule.POSITIONS,
                        "record " + each + " was at " + known + ", and its position was that of " + named);
            }
        }
    }

    private static void atomic(Ledger ledger, int boundary) {
        if (boundary > 0 && boundary < ledger.history.size()) {
            Item left = ledger.history.get(boundary - 1);
            Item right = ledger.history.get(boundary);
            if (left.batch == right.batch) {
                throw new CrashViolation(Rule.ATOMIC, "a batch is torn between " + left + " and " + right);
            }
        }
    }

    private static void report(Recovered recovered, int low, int end) {
        RecoveryReport report = recovered.report();
        long count = (long) end - low;
        boolean counts = report.records() == count
                && report.lastSequence() == end
                && (count == 0 || report.firstSequence() == low + 1);
        if (!counts) {
            throw new CrashViolation(
                    Rule.REPORT, "there are the records " + (low + 1) + " to " + end + ", reported is " + report);
        }
        if (!report.end().equals(recovered.end())) {
            throw new CrashViolation(
                    Rule.REPORT, "the log ends at " + recovered.end() + ", reported is " + report.end());
        }
        if (report.clean() && (report.bytesTruncated() > 0 || report.segmentsScanned() > 0)) {
            throw new CrashViolation(Rule.REPORT, "a clean log is not scanned and not cut: " + report);
        }
        Position first =
                count == 0 ? recovered.end() : recovered.records().get(0).position();
        if (!recovered.start().equals(first)) {
            throw new CrashViolation(
                    Rule.REPORT, "the log starts at " + recovered.start() + ", its first record is at " + first);
        }
    }

    /** What a lost record's position gives is not another record. */
    static void checkLostPositions(Ledger ledger, Wal wal) {
        ledger.lost.stream()
                .flatMap(item -> Stream.ofNullable(item.position))
                .limit(LOST_POSITIONS)
                .forEach(position -> checkLostPosition(position, wal));
    }

    private static void checkLostPosition(Position position, Wal wal) {
        boolean named;
        try (WalReader reader = wal.read(position)) {
            named = reader.next() && reader.position().equals(position);
        } catch (PositionUnavailableException e) {
            named = false;
        }
        if (named) {
            throw new CrashViolation(Rule.POSITIONS, "the position " + position + " of a lost record names another");
        }
    }
}
