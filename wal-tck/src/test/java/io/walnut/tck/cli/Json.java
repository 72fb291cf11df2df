package io.walnut.tck.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON lines of flat objects. */
final class Json {
    private static final JsonFactory JSON = new JsonFactory();

    private Json() {}

    static List<Map<String, Object>> lines(String text) throws IOException {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (String line : text.lines().toList()) {
            objects.add(object(line));
        }
        return objects;
    }

    private static Map<String, Object> object(String line) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            expect(JsonToken.START_OBJECT, parser.nextToken(), line);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                fields.put(
                        name,
                        parser.nextToken() == JsonToken.VALUE_STRING
                                ? parser.getText()
                                : (Object) parser.getLongValue());
            }
            expect(JsonToken.END_OBJECT, parser.currentToken(), line);
            expect(null, parser.nextToken(), line);
        }
        return fields;
    }

    private static void expect(JsonToken expected, JsonToken found, String line) throws IOException {
        if (found != expected) {
            throw new IOException("expected " + expected + " but found " + found + " in " + line);
        }
    }
}
