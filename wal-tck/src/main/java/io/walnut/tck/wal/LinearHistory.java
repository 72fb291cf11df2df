package io.walnut.tck.wal;

import io.walnut.api.Position;
import io.walnut.tck.kit.Kit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether a concurrent history of one log can be put into one order. An append has told its place in that order, so nothing
 * has to be searched for: of two calls of which one returned before the other was made, the later must not see less.
 */
final class LinearHistory {
    private LinearHistory() {}

    /** Fails unless each call sees everything that had been acknowledged, or been seen, before it was made. */
    static void check(List<Call> calls) {
        List<Call> byCall = new ArrayList<>(calls);
        byCall.sort(Comparator.comparingLong(Call::from));
        List<Call> byReturn = new ArrayList<>(calls);
        byReturn.sort(Comparator.comparingLong(Call::to));
        Position acknowledged = Position.START;
        Position seen = Position.START;
        int returned = 0;
        for (Call call : byCall) {
            for (; byReturn.get(returned).to() < call.from(); returned++) {
                Call before = byReturn.get(returned);
                if (before.kind() == Call.Kind.APPENDED) {
                    acknowledged = max(acknowledged, before.position());
                } else {
                    seen = max(seen, before.position());
                }
            }
            boolean behind = call.position().compareTo(acknowledged) > 0 || acknowledged.equals(Position.START);
            boolean notLess = call.position().compareTo(seen) >= 0 || call.kind() == Call.Kind.DURABLE;
            if (!behind || !notLess) {
                throw new AssertionError(call + " came after a record at " + acknowledged
                        + " had been acknowledged and an end of " + seen + " been seen; " + Kit.replay());
            }
        }
    }

    private static Position max(Position one, Position other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
