package io.walnut.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalRecordTest {
    private static final byte[] KEY = {1, 2};
    private static final byte[] VALUE = {3, 4, 5};

    @Test
    void arraysAndBuffersMakeTheSameRecordAndBuffersDoNotMove() {
        ByteBuffer key = ByteBuffer.allocateDirect(4)
                .put(1, (byte) 1)
                .put(2, (byte) 2)
                .position(1)
                .limit(3);
        ByteBuffer value = ByteBuffer.wrap(VALUE);
        WalRecord record = WalRecord.put(key, value);
        assertEquals(WalRecord.put(KEY, VALUE), record);
        assertEquals(WalRecord.put(KEY, VALUE).hashCode(), record.hashCode());
        assertEquals(1, key.position());
        assertArrayEquals(KEY, record.keyBytes());
        assertArrayEquals(VALUE, record.valueBytes());
        assertTrue(record.key().isReadOnly() && record.value().isReadOnly());
        record.key().get();
        assertEquals(2, record.key().remaining(), "each call gives a view of its own");
    }

    @Test
    void keyAndValueAreCopiedToWhereTheyAreWanted() {
        WalRecord record = WalRecord.put(ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2), ByteBuffer.wrap(VALUE));
        byte[] target = {7, 7, 7, 7, 7, 7, 7};
        record.copyKey(target, 1);
        record.copyValue(target, 1 + record.keyLength());
        assertArrayEquals(new byte[] {7, 1, 2, 3, 4, 5, 7}, target);
        assertThrows(IndexOutOfBoundsException.class, () -> record.copyValue(target, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> record.copyKey(target, -1));
        WalRecord.delete(KEY).copyValue(target, target.length);
        assertThrows(
                RecordTooLargeException.class, () -> WalRecord.streamed(KEY, 3).copyValue(target, 0));
    }

    @Test
    void aTombstoneHasNoValue() {
        WalRecord record = WalRecord.delete(KEY);
        assertEquals(WalRecord.Kind.DELETE, record.kind());
        assertEquals(0, record.value().remaining());
        assertEquals(record, WalRecord.delete(ByteBuffer.wrap(KEY)));
        assertNotEquals(record, WalRecord.put(KEY, new byte[0]));
    }

    @Test
    void theWithMethodsGiveCopiesThatCarryEverything() {
        Instant time = Instant.parse("2026-01-02T03:04:05.000000006Z");
        WalRecord plain = WalRecord.put(KEY, VALUE);
        WalRecord full = plain.withTtl(Duration.ofSeconds(7))
                .withTimestamp(time)
                .withVersion(8, 9)
                .withCodec("zstd");
        assertEquals(Optional.of(time.plusSeconds(7)), full.expiresAt());
        assertEquals(Optional.of(new WalRecord.Version(8, 9)), full.version());
        assertEquals(Optional.of("zstd"), full.codec());
        assertEquals(Optional.empty(), plain.ttl());
        assertEquals(Optional.empty(), plain.withTtl(Duration.ofSeconds(7)).expiresAt(), "it is not stamped yet");
        assertNotEquals(plain, full);
    }

    @Test
    void whatCannotBeStoredIsRefusedAtOnce() {
        WalRecord record = WalRecord.put(KEY, VALUE);
        assertThrows(IllegalArgumentException.class, () -> record.withTtl(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> record.withTtl(Duration.ofDays(-1)));
        assertThrows(IllegalArgumentException.class, () -> record.withTtl(Duration.ofDays(400 * 365)));
        assertThrows(IllegalArgumentException.class, () -> record.withTimestamp(Instant.MAX));
        assertThrows(IllegalArgumentException.class, () -> record.withTimestamp(Instant.parse("1600-01-01T00:00:00Z")));
        assertThrows(IllegalArgumentException.class, () -> record.withVersion(-1, 0));
        record.withTtl(Duration.ofNanos(Long.MAX_VALUE)).withTimestamp(Instant.parse("2262-01-01T00:00:00Z"));
    }
}
