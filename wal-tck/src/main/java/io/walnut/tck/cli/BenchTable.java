package io.walnut.tck.cli;

import io.walnut.tck.bench.Measure;
import io.walnut.tck.bench.Percentiles;
import io.walnut.tck.bench.Report;
import io.walnut.tck.bench.Row;
import io.walnut.tck.bench.Series;
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
    private static final int P9999 = Percentiles.NAMES.indexOf("p99.99");
    private static final int LONGEST = Percentiles.NAMES.indexOf("max");

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
        List<Row> measured = report.rows().stream().filter(Row::measured).toList();
        List<Row> cold = measured.stream().filter(Row::cold).toList();
        List<Row> others = measured.stream().filter(row -> !row.cold()).toList();
        if (!cold.isEmpty()) {
            cold(cold);
        }
        if (!cold.isEmpty() && !others.isEmpty()) {
            out.println();
        }
        if (!others.isEmpty()) {
            throughput(others);
        }
        latencies(report.rows());
        remarks(report);
    }

    private void cold(List<Row> rows) {
        Table table = new Table(
                "cold",
                "configuration",
                ">log",
                ">R",
                ">S",
                ">log/R",
                ">(min - max)",
                ">log/S",
                ">(min - max)",
                "target",
                ">device B/B",
                ">of R",
                ">of S",
                ">CPU/append",
                ">p99.99",
                ">longest");
        for (Row row : rows) {
            Series writes = row.limit(0);
            Series stage = row.limit(1);
            Percentiles latencies = row.log().latencies();
            table.row(
                    row.workload(),
                    row.configuration(),
                    row.measure().format(row.walnut().median()),
                    row.measure().number(writes.values(row.measure()).median()),
                    row.measure().number(stage.values(row.measure()).median()),
                    number("%.2f", row.ratio(writes).median(), "-"),
                    range(row.ratio(writes)),
                    number("%.2f", row.ratio(stage).median(), "-"),
                    range(row.ratio(stage)),
                    targets(row),
                    number("%.2f", row.log().deviceBytesPerByte(), "n/a"),
                    number("%.2f", writes.deviceBytesPerByte(), "n/a"),
                    number("%.2f", stage.deviceBytesPerByte(), "n/a"),
                    Double.isNaN(row.log().cpuNanosPerUnit())
                            ? "n/a"
                            : time((long) row.log().cpuNanosPerUnit()),
                    latencies == null ? "-" : time(latencies.nanos().get(P9999)),
                    latencies == null ? "-" : time(latencies.nanos().get(LONGEST)));
        }
        table.print(out);
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
            double limit = row.limit().values(row.measure()).median();
            table.row(
                    row.workload(),
                    row.configuration(),
                    row.measure().format(row.walnut().median()),
                    range(row.measure(), row.walnut()),
                    Double.isNaN(limit) ? "-" : row.measure().format(limit),
                    number("%.2f", row.ratio().median(), "-"),
                    range(row.ratio()),
                    targets(row),
                    number("%.2f", row.log().cpuSeconds(), "n/a"),
                    number("%.1f", row.allocatedPerRecord(), "n/a"));
        }
        table.print(out);
    }

    private static String range(Stats ratio) {
        return Double.isNaN(ratio.min()) ? "" : String.format(Locale.ROOT, "(%.2f - %.2f)", ratio.min(), ratio.max());
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
            any |= latencies(table, row, "Walnut", row.log().latencies());
            for (Series limit : row.limits()) {
                any |= latencies(table, row, row.cold() ? limit.name().substring(0, 1) : "limit", limit.latencies());
            }
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
            if (row.measured()) {
                row.limits()
                        .forEach(limit -> limits.computeIfAbsent(limit.name(), name -> new LinkedHashSet<>())
                                .add(row.workload()));
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
        if (rows.stream().anyMatch(row -> row.measured() && row.cold())) {
            lines.add(
                    "note     cold: the log is new, and the clock starts with its first record; device B/B: bytes that"
                            + " the device wrote, for anybody, until the run's files were forced, for each byte of keys and values;"
                            + " CPU: all threads of the process; single calls are timed in a run of their own unless each is forced");
        }
        if (rows.stream().anyMatch(row -> (row.workload() + row.configuration()).contains("prepared"))) {
            lines.add(
                    "note     prepared: a segment is appended full before the clock starts, so that the next is reserved"
                            + " and mapped, not touched; wal.segment.bytes is chosen for that, and wal.unsynced.max.bytes is 4GiB;"
                            + " where appends are sustained, nothing but the first segment");
        }
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
