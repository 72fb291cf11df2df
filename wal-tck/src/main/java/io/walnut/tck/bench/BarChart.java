package io.walnut.tck.bench;

import java.util.List;

/** Bars on a logarithmic axis, because some ratios are 0.5 and some are 80. */
final class BarChart {
    private static final double LABELS = 300;
    private static final double ROW = 20;
    private static final double VALUES = 170;

    private final Svg svg;
    private final String title;
    private final List<Bar> bars;
    private final double width;
    private final double least;
    private final double most;

    BarChart(Svg svg, String title, List<Bar> bars, double width) {
        this.svg = svg;
        this.title = title;
        this.bars = bars;
        this.width = width;
        double smallest = 0.2;
        double greatest = 2;
        for (Bar bar : bars) {
            smallest = Math.min(smallest, bar.least());
            greatest = Math.max(greatest, bar.most());
            for (double target : bar.targets()) {
                greatest = Math.max(greatest, target);
            }
        }
        least = smallest / 2;
        most = greatest * 1.1;
    }

    /** {@return where it ends} */
    double draw(double left, double top) {
        svg.text(left, top, "", "start", title);
        double first = top + 28;
        double bottom = first + bars.size() * ROW;
        for (double tick : new double[] {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200}) {
            if (tick >= least && tick <= most) {
                svg.line(x(left, tick), first - 6, x(left, tick), bottom, "axis");
                svg.text(x(left, tick), first - 9, "small", "middle", number(tick));
            }
        }
        double y = first;
        for (Bar bar : bars) {
            bar(bar, left, y);
            y += ROW;
        }
        return bottom;
    }

    private void bar(Bar bar, double left, double y) {
        double middle = y + ROW / 2;
        double start = x(left, least);
        svg.text(left + LABELS - 8, middle + 4, "", "end", bar.label());
        svg.bar(start, y + 3, x(left, bar.median()) - start, ROW - 6, Svg.colour(0));
        svg.line(x(left, bar.least()), middle, x(left, bar.most()), middle, "spread");
        for (double target : bar.targets()) {
            svg.line(x(left, target), y + 1, x(left, target), y + ROW - 1, "target");
        }
        svg.text(left + width, middle + 4, "", "end", bar.value());
    }

    private double x(double left, double ratio) {
        double share = Math.log(Math.max(least, ratio) / least) / Math.log(most / least);
        return left + LABELS + share * (width - LABELS - VALUES);
    }

    private static String number(double tick) {
        return tick < 1 ? String.valueOf(tick) : String.valueOf((int) tick);
    }
}
