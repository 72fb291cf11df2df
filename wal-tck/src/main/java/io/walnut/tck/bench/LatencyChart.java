package io.walnut.tck.bench;

import java.util.List;
import java.util.Locale;

/** Percentiles of single calls on a logarithmic axis, a line for each row. */
final class LatencyChart {
    private static final double HEIGHT = 360;
    private static final double AXIS = 60;
    private static final double LEGEND = 320;
    private static final double LINE = 16;
    private static final String[] UNITS = {"ns", "µs", "ms", "s"};

    private final Svg svg;
    private final List<Row> rows;
    private final double width;
    private final double least;
    private final double most;

    LatencyChart(Svg svg, List<Row> rows, double width) {
        this.svg = svg;
        this.rows = rows;
        this.width = width;
        double smallest = 1e9;
        double greatest = 1000;
        for (Row row : rows) {
            for (int level = 0; level < Percentiles.LEVELS.size(); level++) {
                smallest = Math.min(smallest, nanos(row, level));
                greatest = Math.max(greatest, nanos(row, level));
            }
        }
        least = Math.pow(10, Math.floor(Math.log10(smallest)));
        most = Math.pow(10, Math.ceil(Math.log10(greatest)));
    }

    /** {@return where it ends} */
    double draw(double left, double top) {
        svg.text(left, top, "", "start", "Latency of single calls at percentiles");
        double first = top + 16;
        for (double tick = least; tick <= most * 1.01; tick *= 10) {
            svg.line(left + AXIS, y(first, tick), left + width - LEGEND, y(first, tick), "axis");
            svg.text(left + AXIS - 6, y(first, tick) + 4, "small", "end", duration(tick));
        }
        for (int level = 0; level < Percentiles.LEVELS.size(); level++) {
            svg.text(x(left, level), first + HEIGHT + 16, "small", "middle", Percentiles.NAMES.get(level));
        }
        for (int row = 0; row < rows.size(); row++) {
            row(row, left, first);
        }
        return first + Math.max(HEIGHT + 20, rows.size() * LINE);
    }

    private void row(int number, double left, double first) {
        Row row = rows.get(number);
        StringBuilder points = new StringBuilder();
        for (int level = 0; level < Percentiles.LEVELS.size(); level++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(left, level), y(first, nanos(row, level))));
        }
        boolean dashed = number / 10 % 2 == 1;
        svg.path(points.toString().strip(), Svg.colour(number), dashed);
        double legend = left + width - LEGEND + 24;
        double y = first + LINE * number + 4;
        svg.path(
                String.format(Locale.ROOT, "%.1f,%.1f %.1f,%.1f", legend, y, legend + 24, y),
                Svg.colour(number),
                dashed);
        svg.text(legend + 30, y + 4, "small", "start", row.workload() + "  " + row.configuration());
    }

    private static double nanos(Row row, int level) {
        Percentiles latencies = row.log().latencies();
        return latencies == null ? 1 : Math.max(1, latencies.nanos().get(level));
    }

    private double x(double left, int level) {
        double room = width - LEGEND - AXIS - 40;
        return left + AXIS + 20 + room * level / (Percentiles.LEVELS.size() - 1);
    }

    private double y(double first, double nanos) {
        return first + HEIGHT * (1 - Math.log(nanos / least) / Math.log(most / least));
    }

    private static String duration(double nanos) {
        double left = nanos;
        int unit = 0;
        while (left >= 999.5 && unit < UNITS.length - 1) {
            left /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.0f %s", left, UNITS[unit]);
    }
}
