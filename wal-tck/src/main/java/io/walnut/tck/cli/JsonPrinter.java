package io.walnut.tck.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.walnut.api.Entry;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A JSON object per line. Bytes stand in {@code key} and {@code value} where they are printed as text, otherwise in {@code
 * keyBase64} or {@code keyHex} and so on, so that text is never mistaken for an encoding.
 */
final class JsonPrinter implements RecordPrinter {
    private final PrintWriter out;
    private final JsonGenerator json;
    private final BytesFormat bytes;

    JsonPrinter(PrintWriter out, BytesFormat bytes) throws IOException {
        this.out = out;
        this.json = JsonFactory.builder()
                .build()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                .setPrettyPrinter(new MinimalPrettyPrinter(""));
        this.bytes = bytes;
    }

    @Override
    public void print(Entry entry) throws IOException {
        WalRecord record = entry.record();
        json.writeStartObject();
        json.writeStringField("position", entry.position().toString());
        json.writeNumberField("sequence", entry.sequence());
        json.writeStringField("kind", record.kind().name());
        if (record.timestamp().isPresent()) {
            json.writeStringField("timestamp", record.timestamp().get().toString());
        }
        if (record.expiresAt().isPresent()) {
            json.writeStringField("expiresAt", record.expiresAt().get().toString());
        }
        if (record.version().isPresent()) {
            json.writeNumberField("term", record.version().get().term());
            json.writeNumberField("index", record.version().get().index());
        }
        write("key", record.keyBytes());
        if (record.kind() != WalRecord.Kind.DELETE) {
            if (record.isStreamed()) {
                json.writeNumberField("valueLength", record.valueLength());
            } else {
                write("value", record.valueBytes());
            }
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void write(String field, byte[] content) throws IOException {
        BytesFormat.Encoded encoded = bytes.inJson(content);
        json.writeStringField(field + encoded.suffix(), encoded.text());
    }

    @Override
    public void close() throws IOException {
        json.flush();
        out.flush();
    }
}
