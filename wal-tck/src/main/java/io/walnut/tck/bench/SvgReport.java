package io.walnut.tck.bench;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** A report as a picture: the ratios to the limits as bars with their targets, and the latencies as lines. */
public final class SvgReport {
    private static final int WIDTH = 960;
    private static final int MARGIN = 24;

    private SvgReport() {}

    /**
     * Writes a report.
     *
     * @param report what was measured
     * @param to where to, not closed
     * @throws IOException if that fails
     */
    public static void write(Report report, Writer to) throws IOException {
        List<Bar> ratios = report.rows().stream()
                .filter(Row::measured)
                .flatMap(Bar::ratios)
                .toList();
        List<Bar> device = report.rows().stream()
                .filter(Row::measured)
                .flatMap(Bar::deviceBytes)
                .toList();
        List<Row> timed = report.rows().stream()
                .filter(row -> row.measured() && row.log().latencies() != null)
                .toList();
        Svg svg = new Svg();
        double y = MARGIN;
        svg.text(MARGIN, y, "title", "start", "Walnut beside the limits of the machine");
        svg.text(MARGIN, y + 18, "small", "start", report.machine().text());
        svg.text(
                MARGIN,
                y + 34,
                "small",
                "start",
                report.date() + ", scale " + report.plan().scale() + ", "
                        + report.plan().runs() + " runs, seed " + report.plan().seed());
        y += 60;
        if (!ratios.isEmpty()) {
            String title = "Throughput, ratio to the limit of the same run: median, spread, target in red";
            y = new BarChart(svg, title, ratios, WIDTH - 2 * MARGIN).draw(MARGIN, y) + 2 * MARGIN;
        }
        if (!device.isEmpty()) {
            String title = "Bytes that the device wrote for each byte of keys and values, and processor time";
            y = new BarChart(svg, title, device, WIDTH - 2 * MARGIN).draw(MARGIN, y) + 2 * MARGIN;
        }
        if (!timed.isEmpty()) {
            y = new LatencyChart(svg, timed, WIDTH - 2 * MARGIN).draw(MARGIN, y) + MARGIN;
        }
        to.write(svg.document(WIDTH, (int) y + MARGIN));
    }
}
