package io.walnut.tck.kit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Values to try. The same seed gives the same bytes. */
final class Samples {
    private static final String[] WORDS = {
        "append", "segment", "frame", "tail", "tombstone", "force", "commit", "torn", "write", "checkpoint", "watermark"
    };

    Random random(String purpose) {
        return Kit.random(purpose);
    }

    Map<String, byte[]> all() {
        Map<String, byte[]> values = small();
        values.put("64 KiB of zeros", new byte[1 << 16]);
        values.put("1 MiB of text", text(1 << 20));
        values.put("1 MiB of random bytes", incompressible(1 << 20));
        return values;
    }

    Map<String, byte[]> small() {
        Map<String, byte[]> values = new LinkedHashMap<>();
        values.put("an empty value", new byte[0]);
        values.put("one byte", new byte[] {42});
        values.put("a short text", "walnut".getBytes(StandardCharsets.UTF_8));
        values.put("300 random bytes", incompressible(300));
        values.put("2000 bytes of text", text(2000));
        return values;
    }

    byte[] text(int size) {
        Random random = random("text");
        StringBuilder text = new StringBuilder();
        while (text.length() < size) {
            text.append(WORDS[random.nextInt(WORDS.length)])
                    .append(' ')
                    .append(random.nextInt(100))
                    .append(", ");
        }
        return Arrays.copyOf(text.toString().getBytes(StandardCharsets.UTF_8), size);
    }

    byte[] incompressible(int size) {
        byte[] bytes = new byte[size];
        random("incompressible").nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return Kit.replay();
    }
}
