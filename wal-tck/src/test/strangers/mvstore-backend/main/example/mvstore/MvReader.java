package example.mvstore;

import io.walnut.api.Position;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Goes from one sequence to the next. */
final class MvReader implements WalReader {
    private final MvWal wal;
    private long next;
    private WalRecord current;
    private boolean closed;

    MvReader(MvWal wal, long next) {
        this.wal = wal;
        this.next = next;
    }

    @Override
    public boolean next() {
        if (closed) {
            throw new WalClosedException("the reader is closed");
        }
        byte[] bytes = wal.get(next);
        if (bytes == null) {
            return false;
        }
        current = MvRecords.decode(bytes);
        next++;
        return true;
    }

    @Override
    public boolean next(Duration timeout) {
        return next();
    }

    @Override
    public Position position() {
        return MvWal.place(next - 1);
    }

    @Override
    public Position nextPosition() {
        return MvWal.place(next);
    }

    @Override
    public long sequence() {
        return next - 1;
    }

    @Override
    public WalRecord.Kind kind() {
        return current.kind();
    }

    @Override
    public ByteBuffer key() {
        return current.key();
    }

    @Override
    public ByteBuffer value() {
        return current.value();
    }

    @Override
    public Instant timestamp() {
        return current.timestamp().orElseThrow();
    }

    @Override
    public Optional<Instant> expiresAt() {
        return current.expiresAt();
    }

    @Override
    public WalRecord record() {
        return current;
    }

    @Override
    public void close() {
        closed = true;
    }
}
