package io.walnut.tck.crash.toy;

import io.walnut.api.Position;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Gives the records that the toy has in memory. */
final class ToyReader implements WalReader {
    private final List<ToyRecord> records;
    private int next;

    ToyReader(List<ToyRecord> records, int first) {
        this.records = records;
        this.next = first;
    }

    private ToyRecord current() {
        return records.get(next - 1);
    }

    @Override
    public boolean next() {
        if (next >= records.size()) {
            return false;
        }
        next++;
        return true;
    }

    @Override
    public boolean next(Duration timeout) {
        return next();
    }

    @Override
    public Position position() {
        return current().position();
    }

    @Override
    public Position nextPosition() {
        return current().next();
    }

    @Override
    public long sequence() {
        return current().sequence();
    }

    @Override
    public WalRecord.Kind kind() {
        return record().kind();
    }

    @Override
    public ByteBuffer key() {
        return record().key();
    }

    @Override
    public ByteBuffer value() {
        return record().value();
    }

    @Override
    public Instant timestamp() {
        return Instant.EPOCH;
    }

    @Override
    public Optional<Instant> expiresAt() {
        return Optional.empty();
    }

    @Override
    public WalRecord record() {
        return current().record();
    }

    @Override
    public void close() {}
}
