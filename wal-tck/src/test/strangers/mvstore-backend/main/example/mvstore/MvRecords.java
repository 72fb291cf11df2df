package example.mvstore;

import io.walnut.api.WalRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/** Records as bytes. */
final class MvRecords {
    private static final int DELETES = 1;
    private static final int HAS_TTL = 2;
    private static final int HAS_VERSION = 4;

    private MvRecords() {}

    static byte[] encode(WalRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte((record.kind() == WalRecord.Kind.DELETE ? DELETES : 0)
                    | (record.ttl().isPresent() ? HAS_TTL : 0)
                    | (record.version().isPresent() ? HAS_VERSION : 0));
            Instant time = record.timestamp().orElseGet(Instant::now);
            out.writeLong(time.getEpochSecond());
            out.writeInt(time.getNano());
            if (record.ttl().isPresent()) {
                out.writeLong(record.ttl().get().toNanos());
            }
            if (record.version().isPresent()) {
                out.writeLong(record.version().get().term());
                out.writeLong(record.version().get().index());
            }
            byte[] key = record.keyBytes();
            out.writeInt(key.length);
            out.write(key);
            out.write(record.valueBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static WalRecord decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int flags = in.readByte();
            Instant time = Instant.ofEpochSecond(in.readLong(), in.readInt());
            Duration ttl = (flags & HAS_TTL) != 0 ? Duration.ofNanos(in.readLong()) : null;
            long term = (flags & HAS_VERSION) != 0 ? in.readLong() : -1;
            long index = (flags & HAS_VERSION) != 0 ? in.readLong() : -1;
            byte[] key = in.readNBytes(in.readInt());
            byte[] value = in.readAllBytes();
            WalRecord record = (flags & DELETES) != 0 ? WalRecord.delete(key) : WalRecord.put(key, value);
            record = ttl == null ? record : record.withTtl(ttl);
            return (term < 0 ? record : record.withVersion(term, index)).withTimestamp(time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
