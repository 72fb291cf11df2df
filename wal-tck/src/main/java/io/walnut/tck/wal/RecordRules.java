package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.UnknownCodecException;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is in a record. */
abstract class RecordRules extends WalRules {
    private static final long TOLERANCE_MILLIS = 2_000;

    RecordRules() {}

    /** If this fails, look at lengths: empty, one byte, and those at which a length takes one byte more. */
    @Test
    final void required_W401_keepsKeysAndValuesOfEverySize() {
        List<WalRecord> records = new ArrayList<>();
        for (int size : new int[] {0, 1, 2, 7, 8, 9, 127, 128, 129, 255, 256, 4095, 4096, 16383, 16384, 65535, 65536}) {
            records.add(WalRecord.put(noise(size), new byte[0]));
            records.add(WalRecord.put(new byte[0], noise(size)));
            records.add(WalRecord.put(noise(size), noise(size)));
            records.add(WalRecord.delete(noise(size)));
        }
        try (Wal wal = log().open()) {
            append(wal, records);
            assertHolds(wal, records);
        }
    }

    /** If this fails, look at bytes that mean something to somebody: zeros, signs, line ends, what looks like a header. */
    @Test
    final void required_W402_keepsEveryByte() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<WalRecord> records = new ArrayList<>(List.of(
                WalRecord.put(all, all),
                WalRecord.put(new byte[100], new byte[100_000]),
                WalRecord.put(bytes("\0\r\n\u001a\uFEFF"), bytes("ß€\uD83D\uDE00"))));
        for (byte each : all) {
            records.add(WalRecord.put(new byte[] {each}, new byte[] {each}));
        }
        try (Wal wal = log().open()) {
            append(wal, records);
            assertHolds(wal, records);
        }
    }

    /** If this fails, look at tombstones: they have a kind and a key, and their value is empty. */
    @Test
    final void required_W403_keepsTombstones() {
        try (Wal wal = log().open()) {
            wal.append(record(0));
            wal.append(WalRecord.delete(bytes("key-0")));
            wal.append(WalRecord.put(bytes("key-0"), new byte[0]));
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next() && reader.kind() == WalRecord.Kind.PUT);
                assertTrue(reader.next() && reader.kind() == WalRecord.Kind.DELETE);
                assertFalse(reader.value().hasRemaining(), "a tombstone has a value");
                assertTrue(reader.next() && reader.kind() == WalRecord.Kind.PUT);
                assertFalse(reader.value().hasRemaining());
            }
        }
    }

    /** If this fails, look at timestamps that callers give: to the nanosecond, before 1970, up to both ends. */
    @Test
    final void required_W404_keepsTimestampsToTheNanosecond() {
        Instant least = Instant.ofEpochSecond(-9_223_372_036L, 145_224_192L + 1);
        Instant greatest = Instant.ofEpochSecond(9_223_372_036L, 854_775_807L);
        List<WalRecord> records = new ArrayList<>();
        for (Instant time : List.of(
                Instant.EPOCH,
                Instant.ofEpochSecond(0, 1),
                Instant.ofEpochSecond(-1, 999_999_999),
                Instant.ofEpochSecond(1_700_000_000, 123_456_789),
                least,
                greatest)) {
            records.add(record(records.size()).withTimestamp(time));
            records.add(WalRecord.delete(bytes("key")).withTimestamp(time));
        }
        try (Wal wal = log().open()) {
            append(wal, records);
            assertHolds(wal, records);
            for (Entry entry : entries(wal)) {
                assertEquals(Optional.empty(), entry.record().expiresAt());
            }
        }
    }

    /** If this fails, look at who stamps a record that the caller did not stamp: the log, when it is appended. */
    @Test
    final void required_W405_stampsWhatTheCallerDidNot() {
        Instant before = Instant.now().minusMillis(TOLERANCE_MILLIS);
        try (Wal wal = log().open()) {
            wal.append(record(0));
            wal.append(bytes("key"), bytes("value"));
            wal.appendBatch(records(1, 2));
            wal.appendAsync(record(3)).join();
            Instant after = Instant.now().plusMillis(TOLERANCE_MILLIS);
            for (Entry entry : entries(wal)) {
                Instant stamp = entry.record().timestamp().orElseThrow();
                assertFalse(stamp.isBefore(before) || stamp.isAfter(after), () -> "stamped " + stamp);
            }
        }
    }

    /** If this fails, look at times to live: kept as they are given, counted from the timestamp. */
    @Test
    final void required_W406_keepsTimesToLiveAndTellsWhenARecordExpires() {
        Instant stamp = Instant.ofEpochSecond(1_700_000_000, 5);
        List<WalRecord> records = new ArrayList<>();
        for (Duration ttl : List.of(
                Duration.ofNanos(1), Duration.ofMillis(1), Duration.ofDays(365), Duration.ofNanos(Long.MAX_VALUE))) {
            records.add(record(records.size()).withTtl(ttl).withTimestamp(stamp));
        }
        try (Wal wal = log().open()) {
            append(wal, records);
            assertHolds(wal, records);
            try (WalReader reader = wal.read(Position.START)) {
                for (WalRecord record : records) {
                    assertTrue(reader.next());
                    assertEquals(record.expiresAt(), reader.record().expiresAt());
                    assertEquals(record.expiresAt(), reader.expiresAt());
                    assertEquals(stamp, reader.timestamp());
                }
            }
            wal.append(record(9).withTtl(Duration.ofHours(1)));
            Entry last = entries(wal).get(records.size());
            assertEquals(
                    last.record().timestamp().map(time -> time.plus(Duration.ofHours(1))),
                    last.record().expiresAt());
        }
    }

    /** If this fails, look for somebody who drops what has expired: a log shows it until its segment is deleted. */
    @Test
    final void required_W407_showsRecordsThatHaveExpired() {
        try (Wal wal = log().open()) {
            wal.append(record(0).withTimestamp(Instant.EPOCH).withTtl(Duration.ofNanos(1)));
            assertEquals(1, entries(wal).size());
        }
    }

    /** If this fails, look at terms and indexes: both whole, from 0 to the greatest, also beside a time to live. */
    @Test
    final void required_W408_keepsVersions() {
        List<WalRecord> records = new ArrayList<>();
        for (long part : new long[] {0, 1, 127, 128, 1L << 35, Long.MAX_VALUE}) {
            records.add(record(0).withVersion(part, 0));
            records.add(record(1).withVersion(0, part));
            records.add(WalRecord.delete(bytes("key")).withVersion(part, part).withTtl(Duration.ofDays(1)));
        }
        try (Wal wal = log().open()) {
            append(wal, records);
            assertHolds(wal, records);
        }
    }

    /** If this fails, look at codecs of single records: {@code none} is always there, and is not stored as such. */
    @Test
    final void required_W409_storesSingleRecordsWithoutCompression() {
        WalRecord plain = WalRecord.put(bytes("key"), new byte[10_000]);
        try (Wal wal = log().open()) {
            wal.append(plain.withCodec("none"));
            wal.append(plain);
            assertHolds(wal, List.of(plain, plain));
        }
    }

    /** If this fails, look at the name of a codec that is not there: the append is rejected and tells which there are. */
    @Test
    final void required_W410_rejectsAnUnknownCodec() {
        try (Wal wal = log().open()) {
            WalRecord unknown = record(0).withCodec("no-such-codec");
            UnknownCodecException refused = assertRejected(
                    UnknownCodecException.class, WalException.Reason.UNKNOWN_CODEC, () -> wal.append(unknown));
            assertTrue(String.valueOf(refused.getMessage()).contains("no-such-codec"), refused::getMessage);
            assertTrue(wal.appendAsync(unknown).isCompletedExceptionally());
            wal.append(record(1));
            assertHolds(wal, List.of(record(1)));
        }
    }
}
