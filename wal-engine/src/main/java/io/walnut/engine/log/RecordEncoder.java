package io.walnut.engine.log;

import io.walnut.api.RecordTooLargeException;
import io.walnut.api.UnknownCodecException;
import io.walnut.api.WalException;
import io.walnut.api.WalRecord;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.ChunkDirectory;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.spi.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into frames. The body of a record's frame:
 *
 * <pre>
 *   16  timestamp    i64     nanoseconds since 1970
 *   ..  keyBytes     varint
 *   ..  storedBytes  varint  the value as it is stored
 *   ..  plainBytes   varint  the value as it was given; only with a codec
 *   ..  ttl          varint  nanoseconds; only with {@link Frame#HAS_TTL}
 *   ..  term, index  varint  only with {@link Frame#HAS_VERSION}
 *   ..  key, value
 * </pre>
 */
final class RecordEncoder {
    private static final int MAX_FIELDS = 8 + 3 * 5 + 3 * 10;
    private static final ByteBuffer NO_KEY = ByteBuffer.allocate(0);
    private static final int SINGLE = Frame.BATCH_FIRST | Frame.BATCH_LAST;

    private final Codecs codecs;
    private final CompressionTotals compressed;
    private final StampClock clock;
    private final long maxKeyBytes;
    private final long maxValueBytes;
    private final long maxBatchBytes;

    RecordEncoder(
            Codecs codecs,
            CompressionTotals compressed,
            StampClock clock,
            long maxKeyBytes,
            long maxValueBytes,
            long maxBatchBytes) {
        this.codecs = codecs;
        this.compressed = compressed;
        this.clock = clock;
        this.maxKeyBytes = maxKeyBytes;
        this.maxValueBytes = maxValueBytes;
        this.maxBatchBytes = maxBatchBytes;
    }

    void encode(AppendBuffer target, byte[] key, byte[] value) {
        checkSizes(key.length, value.length);
        Codec codec = codecs.main();
        ByteBuffer smaller = codec.id() == Codecs.NONE_ID ? null : compress(target, codec, ByteBuffer.wrap(value));
        int storedBytes = smaller == null ? value.length : smaller.remaining();
        int kind = Frame.kind(FrameType.PUT, SINGLE, smaller == null ? Codecs.NONE_ID : codec.id());
        int start = target.startFrame(kind, Frame.HEAD + MAX_FIELDS + key.length + storedBytes);
        byte[] bytes = target.bytes();
        long timestamp = now(target);
        Bytes.putLong(bytes, start + Frame.HEAD, timestamp);
        int at = Bytes.putVarint(bytes, start + Frame.HEAD + 8, key.length);
        at = Bytes.putVarint(bytes, at, storedBytes);
        if (smaller != null) {
            at = Bytes.putVarint(bytes, at, value.length);
        }
        System.arraycopy(key, 0, bytes, at, key.length);
        at += key.length;
        if (smaller == null) {
            System.arraycopy(value, 0, bytes, at, storedBytes);
        } else {
            smaller.get(bytes, at, storedBytes);
        }
        target.endFrame(start, at + storedBytes, timestamp, Long.MAX_VALUE);
    }

    void encode(AppendBuffer target, WalRecord record) {
        encode(target, record, now(target), SINGLE);
    }

    void encode(AppendBuffer target, List<WalRecord> batch) {
        long now = now(target);
        int last = batch.size() - 1;
        for (int i = 0; i <= last; i++) {
            int flags = (i == 0 ? Frame.BATCH_FIRST : 0) | (i == last ? Frame.BATCH_LAST : 0);
            encode(target, batch.get(i), now, flags);
            if (target.size() > maxBatchBytes) {
                throw new RecordTooLargeException("a batch is longer than " + maxBatchBytes + " bytes from its record "
                        + i + " on; wal.batch.max.bytes sets the limit");
            }
        }
    }

    /** A part of a value. */
    void encodeChunk(AppendBuffer target, WalRecord record, ByteBuffer part) {
        frame(target, FrameType.CHUNK, 0, codecFor(record), now(target), WalRecord.put(NO_KEY, part));
        target.chunk = true;
    }

    /** The record that closes a value whose parts have been appended. */
    void encodeStreamed(AppendBuffer target, WalRecord record, ChunkDirectory directory) {
        checkSizes(record.keyLength(), 0);
        frame(
                target,
                FrameType.PUT,
                SINGLE | Frame.STREAMED,
                Codecs.NO_COMPRESSION,
                timestamp(record, now(target)),
                record.withValue(directory.bytes()));
        target.reach(directory.segment(0));
    }

    private void encode(AppendBuffer target, WalRecord record, long now, int batchFlags) {
        checkSizes(record.keyLength(), record.valueLength());
        int type = record.kind() == WalRecord.Kind.DELETE ? FrameType.DELETE : FrameType.PUT;
        frame(target, type, batchFlags, codecFor(record), timestamp(record, now), record);
    }

    private static long timestamp(WalRecord record, long now) {
        Optional<Instant> given = record.timestamp();
        return given.isPresent() ? Segment.nanos(given.get()) : now;
    }

    private void frame(AppendBuffer target, int type, int batchFlags, Codec codec, long timestamp, WalRecord record) {
        int plainBytes = (int) record.valueLength();
        ByteBuffer smaller = codec.id() == Codecs.NONE_ID ? null : compress(target, codec, record.value());
        int keyBytes = record.keyLength();
        int storedBytes = smaller == null ? plainBytes : smaller.remaining();
        Optional<Duration> timeToLive = record.ttl();
        Optional<WalRecord.Version> version = record.version();
        int flags = batchFlags
                | (timeToLive.isPresent() ? Frame.HAS_TTL : 0)
                | (version.isPresent() ? Frame.HAS_VERSION : 0);
        int kind = Frame.kind(type, flags, smaller == null ? Codecs.NONE_ID : codec.id());
        int start = target.startFrame(kind, Frame.HEAD + MAX_FIELDS + keyBytes + storedBytes);
        byte[] bytes = target.bytes();
        Bytes.putLong(bytes, start + Frame.HEAD, timestamp);
        int at = Bytes.putVarint(bytes, start + Frame.HEAD + 8, keyBytes);
        at = Bytes.putVarint(bytes, at, storedBytes);
        if (smaller != null) {
            at = Bytes.putVarint(bytes, at, plainBytes);
        }
        long expiry = Long.MAX_VALUE;
        if (timeToLive.isPresent()) {
            long ttl = timeToLive.get().toNanos();
            at = Bytes.putVarint(bytes, at, ttl);
            expiry = timestamp + ttl < timestamp ? Long.MAX_VALUE : timestamp + ttl;
        }
        if (version.isPresent()) {
            at = Bytes.putVarint(bytes, at, version.get().term());
            at = Bytes.putVarint(bytes, at, version.get().index());
        }
        record.copyKey(bytes, at);
        at += keyBytes;
        if (smaller == null) {
            record.copyValue(bytes, at);
        } else {
            smaller.get(bytes, at, storedBytes);
        }
        target.endFrame(start, at + storedBytes, timestamp, expiry);
    }

    private void checkSizes(int keyBytes, long valueBytes) {
        if (keyBytes > maxKeyBytes) {
            throw new RecordTooLargeException("a key of " + keyBytes + " bytes is longer than " + maxKeyBytes
                    + "; wal.record.max.key.bytes sets the limit");
        }
        if (valueBytes > maxValueBytes) {
            throw new RecordTooLargeException("a value of " + valueBytes + " bytes is longer than " + maxValueBytes
                    + "; wal.record.max.value.bytes sets the limit");
        }
    }

    private Codec codecFor(WalRecord record) {
        if (record.codec().isEmpty()) {
            return codecs.main();
        }
        String name = record.codec().get();
        Codec codec = codecByName(name);
        if (codec == null) {
            throw new UnknownCodecException(WalException.Outcome.REJECTED, codecs.missing("the codec '" + name + "'"));
        }
        return codec;
    }

    private @Nullable Codec codecByName(String name) {
        try {
            return codecs.byName(name);
        } catch (WalException e) {
            throw e;
        } catch (Throwable e) { // the provider's
            throw new WalException(
                    WalException.Reason.CODEC,
                    WalException.Outcome.REJECTED,
                    "the codec '" + name + "' could not be made; nothing was appended: " + e,
                    e);
        }
    }

    /** {@return the value compressed, or null if that does not make it smaller} */
    private @Nullable ByteBuffer compress(AppendBuffer target, Codec codec, ByteBuffer value) {
        int plainBytes = value.remaining();
        if (plainBytes == 0) {
            return null;
        }
        long start = CompressionTotals.start(target);
        try {
            int room = codec.maxCompressedBytes(plainBytes);
            boolean readOnly = !value.hasArray(); // codecs work faster on arrays
            byte[] scratch = target.scratch(room + (readOnly ? plainBytes : 0));
            ByteBuffer stored = ByteBuffer.wrap(scratch, 0, room).slice();
            ByteBuffer plain = value.slice();
            if (readOnly) {
                plain = ByteBuffer.wrap(scratch, room, plainBytes).slice();
                plain.put(value).flip();
            }
            codec.compress(plain, stored);
            compressed.add(codec.id(), plainBytes, stored.position(), start);
            return stored.position() < plainBytes ? stored.flip() : null;
        } catch (WalException e) {
            throw e;
        } catch (Throwable e) { // whatever it is, nothing was appended
            throw new WalException(
                    WalException.Reason.CODEC,
                    WalException.Outcome.REJECTED,
                    "a codec could not compress a value of " + plainBytes + " bytes; nothing was appended: " + e,
                    e);
        }
    }

    private long now(AppendBuffer target) {
        return clock.nanos(target.stamps++);
    }
}
