package io.walnut.tck.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A report as one JSON object, every run included. What is not known is left out. */
public final class JsonReport {
    private final JsonGenerator json;

    private JsonReport(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes a report.
     *
     * @param report what was measured
     * @param to where to, not closed
     * @throws IOException if that fails
     */
    public static void write(Report report, Writer to) throws IOException {
        try (JsonGenerator json = JsonFactory.builder()
                .build()
                .createGenerator(to)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .setPrettyPrinter(new DefaultPrettyPrinter())) {
            new JsonReport(json).report(report);
            json.writeRaw('\n');
        }
    }

    private void report(Report report) throws IOException {
        json.writeStartObject();
        json.writeStringField("date", report.date());
        json.writeStringField("command", report.command());
        json.writeObjectFieldStart("machine");
        json.writeStringField("jdk", report.machine().jdk());
        json.writeStringField("os", report.machine().os());
        json.writeStringField("processor", report.machine().processor());
        json.writeNumberField("cores", report.machine().cores());
        json.writeStringField("fileSystem", report.machine().fileSystem());
        json.writeEndObject();
        json.writeStringField("scale", report.plan().scale().name());
        json.writeNumberField("runs", report.plan().runs());
        json.writeNumberField("keepBytes", report.plan().keepBytes());
        json.writeNumberField("seed", report.plan().seed());
        json.writeObjectFieldStart("config");
        for (Map.Entry<String, String> key : new TreeMap<>(report.plan().config()).entrySet()) {
            json.writeStringField(key.getKey(), key.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("rows");
        for (Row row : report.rows()) {
            row(row);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void row(Row row) throws IOException {
        json.writeStartObject();
        json.writeStringField("workload", row.workload());
        json.writeStringField("configuration", row.configuration());
        json.writeStringField("unit", row.measure().unit());
        text("skipped", row.skipped());
        text("failed", row.failed());
        if (row.measured()) {
            json.writeObjectFieldStart("walnut");
            side(row.measure(), row.log());
            json.writeEndObject();
            json.writeArrayFieldStart("limits");
            for (Series limit : row.limits()) {
                json.writeStartObject();
                json.writeStringField("name", limit.name());
                side(row.measure(), limit);
                stats("ratio", row.ratio(limit));
                json.writeEndObject();
            }
            json.writeEndArray();
            number("cpuSeconds", row.log().cpuSeconds());
            number("allocatedBytesPerRecord", row.allocatedPerRecord());
            text("note", row.note().isEmpty() ? null : row.note());
            targets(row);
        }
        json.writeEndObject();
    }

    private void targets(Row row) throws IOException {
        json.writeArrayFieldStart("targets");
        for (Target target : row.targets()) {
            json.writeStartObject();
            json.writeStringField("of", target.of().name());
            json.writeStringField("target", target.text());
            json.writeBooleanField("met", target.met(row));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void side(Measure measure, Series side) throws IOException {
        numbers(side.values(measure));
        number("cpuNanosPerUnit", side.cpuNanosPerUnit());
        number("deviceBytesPerByte", side.deviceBytesPerByte());
        json.writeArrayFieldStart("runs");
        for (Sample run : side.runs()) {
            json.writeStartObject();
            number("value", measure.of(run));
            json.writeNumberField("units", run.units());
            json.writeNumberField("bytes", run.bytes());
            json.writeNumberField("nanos", run.nanos());
            json.writeNumberField("cpuNanos", run.cpuNanos());
            number("allocatedBytesPerRecord", run.allocatedPerRecord());
            number("deviceBytes", run.deviceBytes() < 0 ? Double.NaN : run.deviceBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
        Percentiles latencies = side.latencies();
        if (latencies != null) {
            json.writeObjectFieldStart("latencyNanos");
            json.writeNumberField("count", latencies.count());
            for (int i = 0; i < latencies.nanos().size(); i++) {
                json.writeNumberField(
                        Percentiles.NAMES.get(i), latencies.nanos().get(i));
            }
            json.writeEndObject();
        }
    }

    private void stats(String name, Stats stats) throws IOException {
        json.writeObjectFieldStart(name);
        numbers(stats);
        json.writeEndObject();
    }

    private void numbers(Stats stats) throws IOException {
        number("median", stats.median());
        number("min", stats.min());
        number("max", stats.max());
    }

    private void number(String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        }
    }

    private void text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
