package io.walnut.otel;

import io.opentelemetry.exporter.prometheus.PrometheusHttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** OpenTelemetry's exporter for Prometheus on this machine, and what it gives to who asks over HTTP. */
record Scrape(int port) {
    private static final Pattern SAMPLE = Pattern.compile("(wal_\\w+)\\{(.*)} (\\S+)");
    private static final Pattern OWN = Pattern.compile("wal_(?:record_kind|reason|codec|checkpoint_name)=\"([^\"]*)\"");

    static Scrape onFreePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return new Scrape(free.getLocalPort());
        }
    }

    PrometheusHttpServer server() {
        return PrometheusHttpServer.builder().setHost("127.0.0.1").setPort(port).build();
    }

    /** {@return the samples by name and by the value of the attribute that is the metric's own} */
    Map<String, Double> samples() throws IOException {
        String page;
        try (InputStream body =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            page = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
        Map<String, Double> samples = new TreeMap<>();
        Matcher lines = SAMPLE.matcher(page);
        while (lines.find()) {
            Matcher own = OWN.matcher(lines.group(2));
            String attribute = own.find() ? own.group(1) : "";
            if (!lines.group(1).endsWith("_bucket")) {
                samples.put(lines.group(1) + "[" + attribute + "]", Double.parseDouble(lines.group(3)));
            }
        }
        return samples;
    }
}
