package io.walnut.tck.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The matrix as one page that needs nothing else, to be mailed. */
final class HtmlMatrix {
    private static final String STYLE = """
            body { font: 14px/1.4 sans-serif; margin: 2em; }
            table { border-collapse: collapse; }
            th, td { border: 1px solid #ccc; padding: 2px 8px; text-align: left; vertical-align: top; }
            .PASSED { background: #dfd; } .FAILED { background: #fbb; } .SKIPPED { background: #eee; color: #666; }
            pre { white-space: pre-wrap; background: #f6f6f6; padding: 1em; }
            """;

    private HtmlMatrix() {}

    static Path write(KitMatrix matrix, Path directory, long seed) throws IOException {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<title>Walnut TCK</title>\n<style>\n" + STYLE + "</style></head><body>\n<h1>Walnut TCK</h1>\n");
        page.append("<p>")
                .append(escape(matrix.summary()))
                .append("; seed ")
                .append(seed)
                .append(", Java ");
        page.append(escape(Runtime.version().toString())).append("</p>\n<table>\n<tr><th>rule</th><th></th>");
        matrix.configurations()
                .forEach(each -> page.append("<th>").append(escape(each)).append("</th>"));
        page.append("</tr>\n");
        for (String rule : matrix.rules()) {
            row(page, matrix, rule);
        }
        page.append("</table>\n");
        for (String rule : matrix.rules()) {
            for (String each : matrix.configurations()) {
                failure(page, matrix, rule, each);
            }
        }
        return Files.writeString(directory.resolve("tck.html"), page.append("</body></html>\n"));
    }

    private static void row(StringBuilder page, KitMatrix matrix, String rule) {
        page.append("<tr><td>").append(escape(rule)).append("</td><td>");
        page.append(escape(matrix.sentence(rule))).append("</td>");
        for (String each : matrix.configurations()) {
            KitMatrix.Cell cell = matrix.cell(rule, each);
            page.append("<td class=\"").append(cell.outcome()).append("\" title=\"");
            page.append(escape(cell.message())).append("\">");
            page.append(cell.outcome().text()).append("</td>");
        }
        page.append("</tr>\n");
    }

    private static void failure(StringBuilder page, KitMatrix matrix, String rule, String configuration) {
        KitMatrix.Cell cell = matrix.cell(rule, configuration);
        if (cell.outcome() == KitMatrix.Outcome.FAILED) {
            page.append("<h3>").append(escape(rule + " with " + configuration)).append("</h3>\n<pre>");
            page.append(escape(cell.message())).append("</pre>\n<p>Look at ");
            page.append(escape(matrix.hint(rule))).append("</p>\n");
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
