package io.walnut.tck.bench;

import java.util.List;
import java.util.Locale;

/** Ratios to the limit on a logarithmic axis, because some are 0.5 and some are 80. */
final class RatioChart {
    private static final double LABELS = 300;
    private static final double ROW = 20;
    private static final double VALUES = 170;

    private final Svg svg;
    private final List<Row> rows;
    private final double width;
    private final double least;
    private final double most;

    RatioChart(Svg svg, List<Row> rows, double width) {
        this.svg = svg;
        this.rows = rows;
        this.width = width;
        double smallest = 0.2;
        double greatest = 2;
        for (Row row : rows) {
            smallest = Math.min(smallest, row.ratio().min());
            greatest = Math.max(greatest, row.ratio().max());
            for (Target target : row.targets()) {
                greatest = Math.max(greatest, target.of() == Target.Of.RATIO ? target.bound() : 0);
            }
        }
        least = smallest / 2;
        most = greatest * 1.1;
    }

    /** {@return where it ends} */
    double draw(double left, double top) {
        svg.text(
                left,
                top,
                "",
                "start",
                "Throughput, ratio to the limit of the same run: median, spread, target in red");
        double first = top + 28;
        double bottom = first + rows.size() * ROW;
        for (double tick : new double[] {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200}) {
            if (tick >= least && tick <= most) {
                svg.line(x(left, tick), first - 6, x(left, tick), bottom, "axis");
                svg.text(x(left, tick), first - 9, "small", "middle", number(tick));
            }
        }
        double y = first;
        for (Row row : rows) {
            row(row, left, y);
            y += ROW;
        }
        return bottom;
    }

    private void row(Row row, double left, double y) {
        Stats ratio = row.ratio();
        double middle = y + ROW / 2;
        double start = x(left, least);
        svg.text(left + LABELS - 8, middle + 4, "", "end", row.workload() + "  " + row.configuration());
        svg.bar(start, y + 3, x(left, ratio.median()) - start, ROW - 6, Svg.colour(0));
        svg.line(x(left, ratio.min()), middle, x(left, ratio.max()), middle, "spread");
        for (Target target : row.targets()) {
            if (target.of() == Target.Of.RATIO) {
                svg.line(x(left, target.bound()), y + 1, x(left, target.bound()), y + ROW - 1, "target");
            }
        }
        svg.text(
                left + width,
                middle + 4,
                "",
                "end",
                row.measure().format(row.walnut().median()) + String.format(Locale.ROOT, "   %.2f", ratio.median()));
    }

    private double x(double left, double ratio) {
        double share = Math.log(Math.max(least, ratio) / least) / Math.log(most / least);
        return left + LABELS + share * (width - LABELS - VALUES);
    }

    private static String number(double tick) {
        return tick < 1 ? String.valueOf(tick) : String.valueOf((int) tick);
    }
}
