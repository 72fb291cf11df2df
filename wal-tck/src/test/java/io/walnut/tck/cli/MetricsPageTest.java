package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.walnut.spi.Metric;
import io.walnut.spi.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that name metrics, held against the definitions. */
class MetricsPageTest {
    private static final String PAGE = "docs/metrics.md";
    private static final Path OPERATIONS = Checkout.rootWith(PAGE).resolve("docs/operations");
    private static final Pattern NAME = Pattern.compile("\\bwal(_[a-z]+)+\\b");
    private static final Set<String> LABELS =
            Set.of("wal_name", "wal_node_id", "wal_codec", "wal_reason", "wal_record_kind", "wal_checkpoint_name");

    @Test
    void shouldBeWhatTheDefinitionsGenerate() throws IOException {
        assertEquals(
                Cli.run("metrics", "--markdown").ends(0).out(),
                Files.readString(Checkout.rootWith(PAGE).resolve(PAGE)),
                "docs/metrics.md is stale: java -jar wal-tck/target/wal-tck-*-all.jar metrics --markdown > " + PAGE);
    }

    @Test
    void shouldListThemOnATerminal() {
        Cli.run("metrics")
                .ends(0)
                .prints("wal.fsync.duration  (histogram, s)", "wal.compression.in  (counter, By, by wal.codec)");
    }

    @Test
    void theDashboardAndTheAlertsAskForMetricsThatThereAre() throws IOException {
        Set<String> known = known().collect(Collectors.toCollection(TreeSet::new));
        for (String file : List.of("grafana-dashboard.json", "prometheus-alerts.yml")) {
            Set<String> asked = names(Files.readString(OPERATIONS.resolve(file)));
            assertTrue(asked.size() > 5, file + " asks for " + asked);
            asked.removeAll(known);
            assertEquals(Set.of(), asked, file);
        }
    }

    @Test
    void theDashboardIsJsonAndThePageExplainsEachPanelAndEachAlert() throws IOException {
        String page = Files.readString(OPERATIONS.resolve("README.md"));
        Set<String> panels = titles(OPERATIONS.resolve("grafana-dashboard.json"));
        assertTrue(panels.size() >= 10, panels.toString());
        for (String panel : panels) {
            assertTrue(page.contains("**" + panel + "**"), "the page says nothing of the panel " + panel);
        }
        Matcher alerts =
                Pattern.compile("alert: (\\w+)").matcher(Files.readString(OPERATIONS.resolve("prometheus-alerts.yml")));
        int count = 0;
        while (alerts.find()) {
            count++;
            assertTrue(
                    page.contains("`" + alerts.group(1) + "`"),
                    "the page says nothing of the alert " + alerts.group(1));
        }
        assertTrue(count >= 5, "alerts: " + count);
    }

    private static Stream<String> known() {
        return Stream.concat(LABELS.stream(), Metrics.ALL.stream().flatMap(metric -> {
            String name = MetricsReference.prometheus(metric);
            return metric.kind() == Metric.Kind.HISTOGRAM
                    ? Stream.of(name + "_bucket", name + "_sum", name + "_count")
                    : Stream.of(name);
        }));
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static Set<String> titles(Path dashboard) throws IOException {
        Set<String> titles = new TreeSet<>();
        try (JsonParser parser = new JsonFactory().createParser(dashboard.toFile())) {
            boolean inPanels = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("panels")) {
                    inPanels = true;
                } else if (inPanels
                        && token == JsonToken.FIELD_NAME
                        && parser.currentName().equals("title")) {
                    titles.add(parser.nextTextValue());
                }
            }
        }
        return titles;
    }
}
