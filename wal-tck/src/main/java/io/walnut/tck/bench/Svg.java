package io.walnut.tck.bench;

import java.util.List;
import java.util.Locale;

/** Collects the shapes of a picture. */
final class Svg {
    private static final String STYLE = "text{font:12px sans-serif;fill:#222}.title{font-size:16px;font-weight:bold}"
            + ".small{font-size:11px;fill:#555}.axis{stroke:#ccc;stroke-width:1}.spread{stroke:#222;stroke-width:1}"
            + ".target{stroke:#c00;stroke-width:2}";
    private static final List<String> COLOURS = List.of(
            "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22",
            "#17becf");

    private final StringBuilder shapes = new StringBuilder();

    static String colour(int number) {
        return COLOURS.get(number % COLOURS.size());
    }

    void text(double x, double y, String style, String anchor, String text) {
        shapes.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>\n",
                x,
                y,
                style,
                anchor,
                escaped(text)));
    }

    void bar(double x, double y, double width, double height, String colour) {
        shapes.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                x,
                y,
                Math.max(0, width),
                height,
                colour));
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        shapes.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n",
                x1,
                y1,
                x2,
                y2,
                style));
    }

    void path(String points, String colour, boolean dashed) {
        shapes.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s/>\n",
                points,
                colour,
                dashed ? " stroke-dasharray=\"5 3\"" : ""));
    }

    String document(int width, int height) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"0 0 "
                + width + " " + height + "\">\n<style>" + STYLE + "</style>\n<rect width=\"100%\" height=\"100%\""
                + " fill=\"#fff\"/>\n" + shapes + "</svg>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
