package io.walnut.tck.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a record from what {@link JsonPrinter} prints. Position and sequence are not taken over: a log gives its own. */
final class JsonRecord {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonRecord() {}

    /**
     * Reads a line.
     *
     * @throws BadInputException if it is no such object
     */
    static WalRecord parse(String line) throws IOException {
        Map<String, String> fields = fields(line);
        try {
            return record(fields);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BadInputException("a field cannot be read: " + e.getMessage());
        }
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadInputException("this is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (!parser.nextToken().isScalarValue()) {
                    throw new BadInputException("the field '" + name + "' is neither a text nor a number");
                }
                fields.put(name, parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new BadInputException("something stands behind the JSON object");
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException("this is no JSON: " + e.getOriginalMessage());
        }
        return fields;
    }

    private static WalRecord record(Map<String, String> fields) {
        byte[] key = bytes(fields, "key");
        if (key == null) {
            throw new BadInputException("the field 'key' is missing");
        }
        boolean deletes = fields.getOrDefault("kind", "PUT").equals("DELETE");
        byte[] value = bytes(fields, "value");
        if (!deletes && value == null) {
            throw new BadInputException("the field 'value' is missing"
                    + (fields.containsKey("valueLength")
                            ? ": the value was appended as a stream and not printed"
                            : ""));
        }
        WalRecord record = value == null ? WalRecord.delete(key) : WalRecord.put(key, value);
        String time = fields.get("timestamp");
        if (time != null) {
            record = record.withTimestamp(Instant.parse(time));
            String expiry = fields.get("expiresAt");
            if (expiry != null) {
                record = record.withTtl(Duration.between(Instant.parse(time), Instant.parse(expiry)));
            }
        }
        String term = fields.get("term");
        return term == null
                ? record
                : record.withVersion(Long.parseLong(term), Long.parseLong(fields.getOrDefault("index", "0")));
    }

    private static byte @Nullable [] bytes(Map<String, String> fields, String name) {
        String text = fields.get(name);
        String base64 = fields.get(name + "Base64");
        String hex = fields.get(name + "Hex");
        return text != null
                ? text.getBytes(StandardCharsets.UTF_8)
                : base64 != null
                        ? Base64.getDecoder().decode(base64)
                        : hex != null ? HexFormat.of().parseHex(hex) : null;
    }
}
