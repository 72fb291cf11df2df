package io.walnut.tck.bench;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * Keys and values, few enough to stay in a processor's cache, used over and over. {@code plain} has the key and the value
 * of a record in one piece: what a limit stores. Immutable by convention.
 */
final class Payload {
    static final int KEY_BYTES = 16;
    private static final int CACHED_BYTES = 256 << 10;
    private static final String[] NAMES = {"walnut", "almond", "pecan", "hazel", "cashew", "pistachio", "chestnut"};

    private final byte[][] keys;
    private final byte[][] values;
    private final byte[][] plain;

    private Payload(byte[][] keys, byte[][] values) {
        this.keys = keys;
        this.values = values;
        this.plain = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            plain[i] = new byte[keys[i].length + values[i].length];
            System.arraycopy(keys[i], 0, plain[i], 0, keys[i].length);
            System.arraycopy(values[i], 0, plain[i], keys[i].length, values[i].length);
        }
    }

    /** Values that no codec makes smaller. */
    static Payload random(long seed, int valueBytes) {
        Random random = new Random(seed);
        int count = count(valueBytes);
        byte[][] values = new byte[count][valueBytes];
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        return new Payload(keys(random, count), values);
    }

    /** Values that look like the documents of a service. */
    static Payload json(long seed, int valueBytes) {
        Random random = new Random(seed);
        int count = count(valueBytes);
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("[");
            while (text.length() < valueBytes) {
                text.append(document(random)).append(',');
            }
            text.setLength(valueBytes - 1);
            values[i] = text.append(']').toString().getBytes(StandardCharsets.US_ASCII);
        }
        return new Payload(keys(random, count), values);
    }

    private static String document(Random random) {
        return String.format(
                Locale.ROOT,
                "{\"id\":\"%016x\",\"name\":\"%s-%d\",\"created\":\"2026-%02d-%02dT%02d:%02d:%02dZ\",\"price\":%.2f,"
                        + "\"active\":%b,\"tags\":[\"%s\",\"%s\"],\"session\":\"%016x%016x\"}",
                random.nextLong(),
                name(random),
                random.nextInt(10_000),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                random.nextDouble() * 1000,
                random.nextBoolean(),
                name(random),
                name(random),
                random.nextLong(),
                random.nextLong());
    }

    private static String name(Random random) {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private static int count(int valueBytes) {
        return Integer.highestOneBit(Math.min(1024, Math.max(16, CACHED_BYTES / valueBytes)));
    }

    private static byte[][] keys(Random random, int count) {
        byte[][] keys = new byte[count][KEY_BYTES];
        for (byte[] key : keys) {
            random.nextBytes(key);
        }
        return keys;
    }

    /** {@return how many different records there are, a power of two} */
    int count() {
        return plain.length;
    }

    byte[] key(int record) {
        return keys[record & keys.length - 1];
    }

    byte[] value(int record) {
        return values[record & values.length - 1];
    }

    byte[] plain(int record) {
        return plain[record & plain.length - 1];
    }

    /** {@return how many bytes the key and the value of a record have} */
    int recordBytes() {
        return plain[0].length;
    }

    int valueBytes() {
        return values[0].length;
    }
}
