package io.walnut.tck.crash;

import io.walnut.tck.disk.Operation;
import io.walnut.tck.disk.Operation.Kind;
import io.walnut.tck.disk.SimulatedDisk;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules that the order of the operations tells, without any crash. */
final class TraceRules {
    private static final Set<Kind> PREPARING = EnumSet.of(Kind.CREATE, Kind.RENAME, Kind.TRUNCATE, Kind.ALLOCATE);

    private final CrashSubject subject;
    private final SimulatedDisk disk;

    TraceRules(CrashSubject subject, SimulatedDisk disk) {
        this.subject = subject;
        this.disk = disk;
    }

    /** The log was opened by the operations from one on. */
    void opened(int from) {
        renamed(operations(from));
    }

    /** An append was acknowledged, which did the operations from one on. */
    void acknowledged(int from, boolean forced) {
        List<Operation> operations = operations(from);
        renamed(operations);
        if (forced) {
            durable(operations);
        } else {
            unforced(operations);
        }
    }

    private List<Operation> operations(int from) {
        List<Operation> all = disk.trace();
        return all.subList(from, all.size());
    }

    private void renamed(List<Operation> operations) {
        for (Operation each : operations) {
            if (each.kind() == Kind.RENAME && each.note().endsWith("(not forced)")) {
                throw new CrashViolation(Rule.FORCED_BEFORE_RENAMED, each.toString());
            }
        }
    }

    private void durable(List<Operation> operations) {
        for (Operation each : operations) {
            boolean stores = each.kind() == Kind.WRITE || each.kind() == Kind.STORE;
            if (stores && !each.file().contains("/") && !subject.isAdvisory(each.file())) {
                if (disk.isContentPending(each.file())) {
                    throw new CrashViolation(
                            Rule.FORCED_BEFORE_ACKNOWLEDGED, "nothing forced " + each + " before the append returned");
                }
                if (disk.isNamePending(each.file())) {
                    throw new CrashViolation(
                            Rule.NAMED_BEFORE_ACKNOWLEDGED,
                            "the name of the file was not durable when the append returned: " + each);
                }
            }
        }
    }

    /** An append that neither prepares nor changes a segment forces nothing. */
    private void unforced(List<Operation> operations) {
        Set<Kind> kinds = new HashSet<>();
        operations.forEach(each -> kinds.add(each.kind()));
        boolean plain = Collections.disjoint(kinds, PREPARING)
                && operations.stream().noneMatch(each -> each.note().equals(Operation.ZEROS));
        long stores =
                operations.stream().filter(each -> each.kind() == Kind.WRITE).count();
        if (plain && stores <= 1 && kinds.contains(Kind.FORCE)) {
            throw new CrashViolation(Rule.NO_NEEDLESS_FORCE, "an append that promises no force forces: " + operations);
        }
    }
}
