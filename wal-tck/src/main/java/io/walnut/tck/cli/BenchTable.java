package io.walnut.tck.cli;

import io.walnut.tck.bench.Measure;
import io.walnut.tck.bench.Percentiles;
import io.walnut.tck.bench.Report;
import io.walnut.tck.bench.Row;
import io.walnut.tck.bench.Stats;
import io.walnut.tck.bench.Target;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints what was measured. */
final class BenchTable {
    private final PrintWriter out;

    BenchTable(PrintWriter out) {
        this.out = out;
    }

    void print(Report report) {
        out.println("machine  " + report.machine().text());
        out.println("date     " + report.date() + ", seed " + report.plan().seed() + ", scale "
                + report.plan().scale().name().toLowerCase(Locale.ROOT) + ", "
                + Human.count(report.plan().runs(), "run"));
        out.println("command  " + report.command());
        out.println();
        throughput(report.rows());
        latencies(report.rows());
        remarks(report);
    }

    private void throughput(List<Row> rows) {
        Table table = new Table(
                "workload",
                "configuration",
                ">Walnut",
                ">(min - max)",
                ">limit",
                ">ratio",
                ">(min - max)",
                "target",
                ">CPU s",
                ">B/append");
        for (Row row : rows) {
            if (row.measured()) {
                Stats ratio = row.ratio();
                table.row(
                        row.workload(),
                        row.configuration(),
                        row.measure().format(row.walnut().median()),
                        range(row.measure(), row.walnut()),
                        row.limitRuns().isEmpty()
                                ? "-"
                                : row.measure().format(row.limit().median()),
                        number("%.2f", ratio.median(), "-"),
                        Double.isNaN(ratio.min())
                                ? ""
                                : String.format(Locale.ROOT, "(%.2f - %.2f)", ratio.min(), ratio.max()),
                        targets(row),
                        number("%.2f", row.cpuSeconds(), "n/a"),
                        number("%.1f", row.allocatedPerRecord(), "n/a"));
            }
        }
        table.print(out);
    }

    private static String range(Measure measure, Stats stats) {
        return "(" + measure.number(stats.min()) + " - " + measure.number(stats.max()) + ")";
    }

    private static String number(String format, double value, String unknown) {
        return Double.isNaN(value) ? unknown : String.format(Locale.ROOT, format, value);
    }

    private static String targets(Row row) {
        return row.targets().stream()
                .map(target -> target.text() + (target.met(row) ? " met" : " NOT MET"))
                .collect(Collectors.joining(", "));
    }

    private void latencies(List<Row> rows) {
        Table table = new Table(
                "latency", "configuration", "of", ">p50", ">p90", ">p99", ">p99.9", ">p99.99", ">max", ">timed");
        boolean any = false;
        for (Row row : rows) {
            any |= latencies(table, row, "Walnut", row.walnutLatencies());
            any |= latencies(table, row, "limit", row.limitLatencies());
        }
        if (any) {
            out.println();
            table.print(out);
        }
    }

    private static boolean latencies(Table table, Row row, String of, @Nullable Percentiles latencies) {
        if (latencies == null) {
            return false;
        }
        List<String> times = latencies.nanos().stream().map(BenchTable::time).toList();
        table.row(
                row.workload(),
                row.configuration(),
                of,
                times.get(0),
                times.get(1),
                times.get(2),
                times.get(3),
                times.get(4),
                times.get(5),
                Human.count(latencies.count()));
        return true;
    }

    private static String time(long nanos) {
        if (nanos < 1000) {
            return nanos + " ns";
        }
        double micros = nanos / 1e3;
        return micros < 1000
                ? String.format(Locale.ROOT, micros < 10 ? "%.1f us" : "%.0f us", micros)
                : String.format(Locale.ROOT, micros < 10_000 ? "%.1f ms" : "%.0f ms", micros / 1000);
    }

    private void remarks(Report report) {
        List<Row> rows = report.rows();
        Map<String, Set<String>> limits = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.measured() && !row.limitName().isEmpty()) {
                limits.computeIfAbsent(row.limitName(), name -> new LinkedHashSet<>())
                        .add(row.workload());
            }
        }
        List<String> lines = new ArrayList<>();
        limits.forEach((name, works) -> lines.add("limit    of " + String.join(", ", works) + ": " + name));
        for (Row row : rows) {
            String name = row.workload() + " " + row.configuration() + ": ";
            if (row.skipped() != null) {
                lines.add("skipped  " + name + row.skipped());
            } else if (row.failed() != null) {
                lines.add("FAILED   " + name + row.failed());
            } else if (!row.note().isEmpty()) {
                lines.add("note     " + name + row.note());
            }
        }
        if (report.machine().fileSystem().equals("tmpfs")) {
            lines.add("note     this file system is in memory: forcing costs nothing; --dir chooses another one");
        }
        lines.add(
                "note     except where something is sustained, read or opened, logs have space prepared as limits have:"
                        + " a segment is appended full before the clock starts, so that the next is reserved and mapped, not"
                        + " touched; wal.segment.bytes is chosen for that, and wal.unsynced.max.bytes is 4GiB");
        boolean missed = rows.stream().anyMatch(BenchTable::missesATarget);
        if (missed) {
            lines.add("note     where a target is not met: it is meant for a quiet machine and --scale full.");
        }
        out.println();
        lines.forEach(out::println);
    }

    private static boolean missesATarget(Row row) {
        return row.measured() && !row.targets().stream().allMatch((Target target) -> target.met(row));
    }
}
