package io.walnut.tck.bench;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** A report as comma-separated values: a line of headings, then a line per row. What is not known is empty. */
public final class CsvReport {
    private static final List<String> HEADINGS = List.of(
            "date",
            "workload",
            "configuration",
            "unit",
            "walnut_median",
            "walnut_min",
            "walnut_max",
            "limit",
            "limit_median",
            "ratio_median",
            "ratio_min",
            "ratio_max",
            "target",
            "met",
            "cpu_seconds",
            "allocated_bytes_per_record",
            "second_limit",
            "second_limit_median",
            "second_ratio_median",
            "second_ratio_min",
            "second_ratio_max",
            "cpu_nanos_per_unit",
            "device_bytes_per_byte",
            "limit_device_bytes_per_byte",
            "second_limit_device_bytes_per_byte");

    private CsvReport() {}

    /**
     * Writes a report.
     *
     * @param report what was measured
     * @param to where to, not closed
     * @throws IOException if that fails
     */
    public static void write(Report report, Writer to) throws IOException {
        List<String> headings = new ArrayList<>(HEADINGS);
        Percentiles.NAMES.forEach(name -> headings.add("latency_" + name + "_nanos"));
        headings.add("remark");
        line(to, headings);
        for (Row row : report.rows()) {
            line(to, cells(report, row));
        }
    }

    private static List<String> cells(Report report, Row row) {
        List<String> cells = new ArrayList<>();
        cells.add(report.date());
        cells.add(row.workload());
        cells.add(row.configuration());
        cells.add(row.measure().unit());
        cells.add(number(row.walnut().median()));
        cells.add(number(row.walnut().min()));
        cells.add(number(row.walnut().max()));
        cells.add(row.limit().name());
        cells.add(number(row.limit().values(row.measure()).median()));
        cells.add(number(row.ratio().median()));
        cells.add(number(row.ratio().min()));
        cells.add(number(row.ratio().max()));
        cells.add(String.join("; ", row.targets().stream().map(Target::text).toList()));
        cells.add(
                row.measured()
                        ? String.join(
                                "; ",
                                row.targets().stream()
                                        .map(target -> String.valueOf(target.met(row)))
                                        .toList())
                        : "");
        cells.add(row.measured() ? number(row.log().cpuSeconds()) : "");
        cells.add(number(row.allocatedPerRecord()));
        Series second = row.limit(1);
        Stats ratio = row.ratio(second);
        cells.add(second.name());
        cells.add(number(second.values(row.measure()).median()));
        cells.add(number(ratio.median()));
        cells.add(number(ratio.min()));
        cells.add(number(ratio.max()));
        cells.add(number(row.log().cpuNanosPerUnit()));
        cells.add(number(row.log().deviceBytesPerByte()));
        cells.add(number(row.limit().deviceBytesPerByte()));
        cells.add(number(second.deviceBytesPerByte()));
        Percentiles latencies = row.log().latencies();
        for (int i = 0; i < Percentiles.NAMES.size(); i++) {
            cells.add(latencies == null ? "" : latencies.nanos().get(i).toString());
        }
        cells.add(
                row.skipped() != null
                        ? "skipped: " + row.skipped()
                        : row.failed() != null ? "failed: " + row.failed() : row.note());
        return cells;
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.valueOf(value) : "";
    }

    private static void line(Writer to, List<String> cells) throws IOException {
        List<String> quoted = cells.stream().map(CsvReport::quoted).toList();
        to.write(String.join(",", quoted) + "\n");
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
