package io.walnut.tck.bench;

import java.util.List;

/**
 * Everything that was measured, and where.
 *
 * @param machine on what
 * @param date when it was begun, in ISO 8601
 * @param command what was typed
 * @param plan what was asked for
 * @param rows what came out
 */
public record Report(Machine machine, String date, String command, Plan plan, List<Row> rows) {
    /** Copies. */
    public Report {
        rows = List.copyOf(rows);
    }
}
