package io.walnut.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One record: a key with a value, or the tombstone of a key. Immutable; the {@code with} methods give a changed copy.
 *
 * <p>A record wraps the arrays and buffers it is given and does not copy them. They must stay as they are until the
 * append to which the record is handed has returned; that holds for asynchronous appends too, which encode before they
 * return. Empty keys and empty values are legal.
 *
 * <p>The value alone is compressed, the key never is.
 */
public final class WalRecord {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final long NOT_STREAMED = -1;

    /** What a record says about its key. Open to additions. */
    public enum Kind {
        /** The key has this value now. */
        PUT,
        /** The key has no value any more: a tombstone. */
        DELETE
    }

    /**
     * The place of a record in a consensus log.
     *
     * @param term the leader's term
     * @param index the entry's index
     */
    public record Version(long term, long index) {
        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if one of them is negative
         */
        public Version {
            if (term < 0 || index < 0) {
                throw new IllegalArgumentException("term and index are not negative: " + term + ", " + index);
            }
        }
    }

    private final Kind kind;
    private final ByteBuffer key;
    private final ByteBuffer value;
    private final @Nullable Instant timestamp;
    private final @Nullable Duration ttl;
    private final @Nullable Version version;
    private final @Nullable String codec;
    private final long streamed;

    private WalRecord(
            Kind kind,
            ByteBuffer key,
            ByteBuffer value,
            @Nullable Instant timestamp,
            @Nullable Duration ttl,
            @Nullable Version version,
            @Nullable String codec,
            long streamed) {
        this.kind = kind;
        this.key = key;
        this.value = value;
        this.timestamp = timestamp;
        this.ttl = ttl;
        this.version = version;
        this.codec = codec;
        this.streamed = streamed;
    }

    /**
     * A key with a value.
     *
     * @param key the key, not copied
     * @param value the value, not copied
     * @return the record
     */
    public static WalRecord put(byte[] key, byte[] value) {
        return new WalRecord(
                Kind.PUT, ByteBuffer.wrap(key), ByteBuffer.wrap(value), null, null, null, null, NOT_STREAMED);
    }

    /**
     * A key with a value.
     *
     * @param key the remaining bytes are the key; not copied, its position does not move
     * @param value the remaining bytes are the value; not copied, its position does not move
     * @return the record
     */
    public static WalRecord put(ByteBuffer key, ByteBuffer value) {
        return new WalRecord(Kind.PUT, key.slice(), value.slice(), null, null, null, null, NOT_STREAMED);
    }

    /**
     * A key with a value, both texts, in UTF-8.
     *
     * @param key the key
     * @param value the value
     * @return the record
     */
    public static WalRecord put(String key, String value) {
        return put(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The tombstone of a key that is a text, in UTF-8.
     *
     * @param key the key
     * @return the record
     */
    public static WalRecord delete(String key) {
        return delete(key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The tombstone of a key.
     *
     * @param key the key, not copied
     * @return the record
     */
    public static WalRecord delete(byte[] key) {
        return new WalRecord(Kind.DELETE, ByteBuffer.wrap(key), EMPTY, null, null, null, null, NOT_STREAMED);
    }

    /**
     * The tombstone of a key.
     *
     * @param key the remaining bytes are the key; not copied, its position does not move
     * @return the record
     */
    public static WalRecord delete(ByteBuffer key) {
        return new WalRecord(Kind.DELETE, key.slice(), EMPTY, null, null, null, null, NOT_STREAMED);
    }

    /**
     * A key whose value is too long for memory: for backends, which say so of what they read.
     *
     * @param key the key, not copied
     * @param valueLength how long the value is
     * @return a record that cannot be appended and whose value has to be read by {@link WalReader#valueStream()}
     */
    public static WalRecord streamed(byte[] key, long valueLength) {
        if (valueLength < 0) {
            throw new IllegalArgumentException("a length is not negative: " + valueLength);
        }
        return new WalRecord(Kind.PUT, ByteBuffer.wrap(key), EMPTY, null, null, null, null, valueLength);
    }

    /**
     * The same record with another value.
     *
     * @param newValue the value, not copied
     * @return a changed copy, a put
     */
    public WalRecord withValue(byte[] newValue) {
        return new WalRecord(Kind.PUT, key, ByteBuffer.wrap(newValue), timestamp, ttl, version, codec, NOT_STREAMED);
    }

    /**
     * The same record with a time to live, counted from its timestamp.
     *
     * @param timeToLive positive; at most {@link Long#MAX_VALUE} nanoseconds, about 292 years
     * @return a changed copy
     * @throws IllegalArgumentException if the duration is out of range
     */
    public WalRecord withTtl(Duration timeToLive) {
        if (timeToLive.isNegative()
                || timeToLive.isZero()
                || timeToLive.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("a time to live is positive and at most 292 years: " + timeToLive);
        }
        return new WalRecord(kind, key, value, timestamp, timeToLive, version, codec, streamed);
    }

    /**
     * The same record, its value to be compressed by the named codec instead of the log's.
     *
     * @param name the name of a codec, {@code none} for no compression
     * @return a changed copy; appending it fails with {@link UnknownCodecException} where there is no such codec
     */
    public WalRecord withCodec(String name) {
        return new WalRecord(kind, key, value, timestamp, ttl, version, Objects.requireNonNull(name), streamed);
    }

    /**
     * The same record, stamped by the caller instead of by the log.
     *
     * @param time between the years 1678 and 2262, kept to the nanosecond
     * @return a changed copy
     * @throws IllegalArgumentException if the time cannot be stored as nanoseconds since 1970 in 64 bits
     */
    public WalRecord withTimestamp(Instant time) {
        try {
            Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a timestamp lies between the years 1678 and 2262: " + time, e);
        }
        return new WalRecord(kind, key, value, time, ttl, version, codec, streamed);
    }

    /**
     * The same record with its place in a consensus log.
     *
     * @param term the leader's term, not negative
     * @param index the entry's index, not negative
     * @return a changed copy
     */
    public WalRecord withVersion(long term, long index) {
        return new WalRecord(kind, key, value, timestamp, ttl, new Version(term, index), codec, streamed);
    }

    /** {@return what this record says about its key} */
    public Kind kind() {
        return kind;
    }

    /** {@return a read-only view of the key, a new one at each call} */
    public ByteBuffer key() {
        return key.asReadOnlyBuffer();
    }

    /**
     * The value.
     *
     * @return a read-only view, a new one at each call; empty for a tombstone
     * @throws RecordTooLargeException if the value {@link #isStreamed()}
     */
    public ByteBuffer value() {
        checkInMemory();
        return value.asReadOnlyBuffer();
    }

    /** {@return whether this was read from a log where the value is too long for memory and has to be read as a stream} */
    public boolean isStreamed() {
        return streamed != NOT_STREAMED;
    }

    /** {@return how long the key is, in bytes} */
    public int keyLength() {
        return key.remaining();
    }

    /** {@return how long the value is, in bytes; 0 for a tombstone} */
    public long valueLength() {
        return isStreamed() ? streamed : value.remaining();
    }

    private void checkInMemory() {
        if (isStreamed()) {
            throw new RecordTooLargeException("the value of " + streamed
                    + " bytes was appended as a stream: read it by WalReader.valueStream() at the record's position");
        }
    }

    /** {@return the key as a text in UTF-8; bytes that are none become replacement characters} */
    public String keyText() {
        return new String(keyBytes(), StandardCharsets.UTF_8);
    }

    /**
     * The value as a text in UTF-8.
     *
     * @return the text; bytes that are none become replacement characters
     * @throws RecordTooLargeException if the value {@link #isStreamed()}
     */
    public String valueText() {
        return new String(valueBytes(), StandardCharsets.UTF_8);
    }

    /** {@return a copy of the key} */
    public byte[] keyBytes() {
        return copy(key);
    }

    /**
     * The value.
     *
     * @return a copy; empty for a tombstone
     * @throws RecordTooLargeException if the value {@link #isStreamed()}
     */
    public byte[] valueBytes() {
        checkInMemory();
        return copy(value);
    }

    /**
     * Copies the key, and makes no garbage.
     *
     * @param target gets its {@link #keyLength()} bytes
     * @param at where, an index of the target
     * @throws IndexOutOfBoundsException if they do not fit there
     */
    public void copyKey(byte[] target, int at) {
        key.get(key.position(), target, at, key.remaining());
    }

    /**
     * Copies the value, and makes no garbage.
     *
     * @param target gets its {@link #valueLength()} bytes
     * @param at where, an index of the target
     * @throws IndexOutOfBoundsException if they do not fit there
     * @throws RecordTooLargeException if the value {@link #isStreamed()}
     */
    public void copyValue(byte[] target, int at) {
        checkInMemory();
        value.get(value.position(), target, at, value.remaining());
    }

    /** {@return when it was stamped; empty before the append of a record that the caller did not stamp} */
    public Optional<Instant> timestamp() {
        return Optional.ofNullable(timestamp);
    }

    /** {@return the time to live, if one was given} */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(ttl);
    }

    /** {@return timestamp plus time to live, where both are known} */
    public Optional<Instant> expiresAt() {
        return timestamp == null || ttl == null ? Optional.empty() : Optional.of(timestamp.plus(ttl));
    }

    /** {@return term and index, if they were given} */
    public Optional<Version> version() {
        return Optional.ofNullable(version);
    }

    /** {@return the codec asked for by {@link #withCodec}; not stored as such, so never set on a record read back} */
    public Optional<String> codec() {
        return Optional.ofNullable(codec);
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }

    /**
     * Equal content: kind, key, value, timestamp, time to live and version; of a streamed value its length. The codec is
     * not content.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WalRecord that
                && kind == that.kind
                && key.equals(that.key)
                && value.equals(that.value)
                && streamed == that.streamed
                && Objects.equals(timestamp, that.timestamp)
                && Objects.equals(ttl, that.ttl)
                && Objects.equals(version, that.version);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, key, value, streamed, timestamp, ttl, version);
    }

    @Override
    public String toString() {
        return kind + "[key " + key.remaining() + " bytes, value " + valueLength() + " bytes"
                + (timestamp == null ? "" : ", at " + timestamp)
                + (ttl == null ? "" : ", ttl " + ttl)
                + (version == null ? "" : ", term " + version.term + " index " + version.index)
                + "]";
    }
}
