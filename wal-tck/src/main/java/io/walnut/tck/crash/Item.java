package io.walnut.tck.crash;

import io.walnut.api.Position;
import io.walnut.api.WalRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A record that was handed to a log, as the model knows it. */
final class Item {
    final boolean deletes;
    final byte[] key;
    final byte[] value;
    final int batch;
    final int issuedAt;

    @Nullable
    Position position;

    /** How many operations there had been when the position was handed out. */
    int exposedAt = Integer.MAX_VALUE;

    /**
     * A record.
     *
     * @param batch tells the records of one append from those of others
     * @param issuedAt how many operations there had been when it was handed over
     */
    Item(boolean deletes, byte[] key, byte[] value, int batch, int issuedAt) {
        this.deletes = deletes;
        this.key = key;
        this.value = value;
        this.batch = batch;
        this.issuedAt = issuedAt;
    }

    Item as(@Nullable Position itsPosition, int issued, int exposed) {
        Item same = new Item(deletes, key, value, batch, issued);
        same.position = itsPosition;
        same.exposedAt = exposed;
        return same;
    }

    WalRecord record() {
        return deletes ? WalRecord.delete(key) : WalRecord.put(key, value);
    }

    boolean is(Found found) {
        return deletes == found.deletes() && Arrays.equals(key, found.key()) && Arrays.equals(value, found.value());
    }

    @Override
    public String toString() {
        return Found.describe(deletes, key, value);
    }
}
