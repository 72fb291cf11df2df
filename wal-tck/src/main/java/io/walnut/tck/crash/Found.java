package io.walnut.tck.crash;

import io.walnut.api.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

    @Override
    public String toString() {
        return sequence + " at " + position + ": " + describe(deletes, key, value);
    }
}
