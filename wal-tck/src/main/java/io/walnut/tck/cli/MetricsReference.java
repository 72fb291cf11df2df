package io.walnut.tck.cli;

import io.walnut.spi.Metric;
import io.walnut.spi.Metrics;
import java.util.List;
import java.util.Locale;

/** The reference of all metrics, generated from their definitions. */
final class MetricsReference {
    private static final String INTRODUCTION = """
            # Metrics

            <!-- Generated: java -jar wal-tck/target/wal-tck-*-all.jar metrics --markdown > docs/metrics.md -->

            What a log tells its meter (`wal.meter`). Counters and gauges are asked for when somebody collects, and cost an
            append nothing; single values are pushed in the background. Every metric has the attributes `wal.name` (the log's
            name) and, where `wal.node.id` is said, `wal.node.id`; in Prometheus `wal_name` and `wal_node_id`. Totals begin at
            0 when the log is opened. No segment is ever recycled, so none is counted: what is started was new, what is deleted
            is gone. What to do about them is told in [operations](operations/README.md).

            | metric | kind | unit | by | in Prometheus | meaning |
            |---|---|---|---|---|---|
            """;

    private MetricsReference() {}

    /** {@return the page {@code docs/metrics.md}} */
    static String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Metric metric : Metrics.ALL) {
            page.append("| `" + metric.name() + "` | " + kind(metric) + " | `" + metric.unit() + "` | "
                    + quoted(metric.attributes()) + " | `" + prometheus(metric) + "` | " + metric.description()
                    + ". |\n");
        }
        return page.toString();
    }

    private static String quoted(List<String> names) {
        return names.isEmpty() ? "" : "`" + String.join("`, `", names) + "`";
    }

    /** {@return the same for a terminal} */
    static String text() {
        StringBuilder text = new StringBuilder();
        for (Metric metric : Metrics.ALL) {
            text.append(metric.name() + "  (" + kind(metric) + ", " + metric.unit()
                    + (metric.attributes().isEmpty() ? "" : ", by " + String.join(", ", metric.attributes())) + ")\n");
            text.append("    ").append(metric.description()).append(".\n");
        }
        return text.toString();
    }

    private static String kind(Metric metric) {
        return metric.kind().name().toLowerCase(Locale.ROOT);
    }

    /** {@return what OpenTelemetry's exporter for Prometheus makes of a name; of a histogram, without its suffixes} */
    static String prometheus(Metric metric) {
        String name = metric.name().replace('.', '_');
        String unit = switch (metric.unit()) {
            case "s" -> "_seconds";
            case "By" -> "_bytes";
            default -> "";
        };
        return name + (name.endsWith(unit) ? "" : unit) + (metric.kind() == Metric.Kind.COUNTER ? "_total" : "");
    }
}
