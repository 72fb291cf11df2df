package io.walnut.tck.crash;

import io.walnut.api.Position;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A record that was read. */
final class Found {
    private final Position position;
    private final long sequence;
    private final boolean deletes;
    private final byte[] key;
    private final byte[] value;

    Found(Position position, long sequence, boolean deletes, byte[] key, byte[] value) {
        this.position = position;
        this.sequence = sequence;
        this.deletes = deletes;
        this.key = key;
        this.value = value;
    }

    /** {@return the record that a reader stands on} */
    static Found by(WalReader reader) throws IOException {
        return new Found(
                reader.position(),
                reader.sequence(),
                reader.kind() == WalRecord.Kind.DELETE,
                copy(reader.key()),
                value(reader));
    }

    private static byte[] value(WalReader reader) throws IOException {
        if (!reader.isStreamed()) {
            return copy(reader.value());
        }
        try (InputStream value = reader.valueStream()) {
            return value.readAllBytes();
        }
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    static String describe(boolean deletes, byte[] key, byte[] value) {
        return (deletes ? "delete " : "put ")
                + new String(key, StandardCharsets.ISO_8859_1)
                + (deletes ? "" : " (" + value.length + " bytes)");
    }

    Position position() {
        return position;
    }

    long sequence() {
        return sequence;
    }

    boolean deletes() {
        return deletes;
    }

    byte[] key() {
        return key;
    }

    byte[] value() {
        return value;
    }

    boolean same(Found other) {
        return position.equals(other.position)
                && sequence == other.sequence
                && deletes == other.deletes
                && Arrays.equals(key, other.key)
                && Arrays.equals(value, other.value);
    }

    static boolean same(List<Found> some, List<Found> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i).same(others.get(i));
        }
        return same;
    }

    @Override
    public String toString() {
        return sequence + " at " + position + ": " + describe(deletes, key, value);
    }
}
