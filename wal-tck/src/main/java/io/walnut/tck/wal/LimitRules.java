package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.BackPressureException;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.Wal;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Limits, both sides of each. */
abstract class LimitRules extends WalRules {
    LimitRules() {}

    /** If this fails, look at the check of keys: the longest is accepted, one byte more is not. */
    @Test
    final void optional_W501_takesTheLongestKeyAndRejectsALongerOne() {
        say(MAX_KEY, 1_000);
        try (Wal wal = log().open()) {
            wal.append(WalRecord.put(noise(1_000), noise(5)));
            wal.append(WalRecord.delete(noise(1_000)));
            WalRecord tooLong = WalRecord.put(noise(1_001), noise(5));
            assertRefusedInEveryWay(wal, tooLong, MAX_KEY);
            assertRefusedInEveryWay(wal, WalRecord.delete(noise(1_001)), MAX_KEY);
        }
    }

    /** If this fails, look at the check of values: the longest is accepted, one byte more is not. */
    @Test
    final void optional_W502_takesTheLongestValueAndRejectsALongerOne() {
        say(MAX_VALUE, 100_000);
        try (Wal wal = log().open()) {
            wal.append(record(0, 100_000));
            wal.append(WalRecord.put(bytes("key"), new byte[100_000]));
            assertRefusedInEveryWay(wal, record(1, 100_001), MAX_VALUE);
            assertRefusedInEveryWay(wal, WalRecord.put(bytes("key"), new byte[100_001]), MAX_VALUE);
            assertEquals(2, entries(wal).size());
        }
    }

    private void assertRefusedInEveryWay(Wal wal, WalRecord record, String key) {
        Position end = wal.end();
        RecordTooLargeException refused =
                assertRejected(RecordTooLargeException.class, Reason.RECORD_TOO_LARGE, () -> wal.append(record));
        assertTrue(
                String.valueOf(refused.getMessage()).contains(key),
                () -> "the message does not name " + key + ": " + refused.getMessage());
        if (record.kind() == WalRecord.Kind.PUT) {
            assertRejected(
                    RecordTooLargeException.class,
                    Reason.RECORD_TOO_LARGE,
                    () -> wal.append(record.keyBytes(), record.valueBytes()));
        }
        assertRejected(RecordTooLargeException.class, Reason.RECORD_TOO_LARGE, () -> wal.appendBatch(List.of(record)));
        CompletableFuture<Position> future = wal.appendAsync(record);
        assertTrue(assertThrows(CompletionException.class, future::join).getCause() instanceof RecordTooLargeException);
        assertEquals(end, wal.end(), "a rejected append moved the end");
    }

    /** If this fails, look at what a rejected append leaves: no sequence that is missing, no byte, no failed log. */
    @Test
    final void optional_W503_goesOnAfterARejectionAsIfNothingHadBeen() {
        say(MAX_VALUE, 100);
        try (Wal wal = log().open()) {
            for (int i = 0; i < 20; i++) {
                WalRecord tooLarge = record(i, 101 + i * 1_000);
                assertThrows(RecordTooLargeException.class, () -> wal.append(tooLarge));
                wal.append(record(i));
            }
            List<Entry> found = entries(wal);
            assertEquals(20, found.size());
            assertEquals(20, found.get(19).sequence());
        }
    }

    /** If this fails, look at records that do not fit into a segment, or just about: each is stored all the same. */
    @Test
    final void required_W504_takesRecordsAroundTheSizeOfASegment() {
        smallSegments();
        String configured = log().key(SEGMENT, "65536");
        int segment = configured.matches("[0-9]{1,6}") ? Integer.parseInt(configured) : 64 << 10;
        try (Wal wal = log().open()) {
            int count = 0;
            for (int less :
                    new int[] {8192, 4200, 4160, 4100, 4096, 1024, 200, 128, 64, 32, 8, 1, 0, -1, -8, -100_000}) {
                wal.append(record(count++, segment - less));
            }
            for (int i = 0; i < 3; i++) {
                wal.append(record(count++));
            }
            assertEquals(count, entries(wal).size());
        }
    }

    /** If this fails, look at one large record among small ones: space, checksums, and how it is read. */
    @Test
    final void required_W505_takesARecordOfAMebibyte() {
        List<WalRecord> records =
                List.of(record(0), record(1, 1 << 20), WalRecord.put(bytes("zeros"), new byte[1 << 20]), record(2));
        try (Wal wal = log().open()) {
            append(wal, records);
            wal.appendBatch(records);
            List<WalRecord> twice = new ArrayList<>(records);
            twice.addAll(records);
            assertHolds(wal, twice);
        }
    }

    /** If this fails, look at the bound on unforced bytes: synchronous appends wait for the device, none fails. */
    @Test
    final void optional_W511_waitsPastTheBoundOnUnforcedBytes() {
        say(MAX_UNSYNCED, 8_192);
        try (Wal wal = log().open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(record(i, 1_000));
            }
            wal.append(record(100, 20_000));
            assertEquals(101, entries(wal).size());
        }
    }

    /** If this fails, look at the bound on unforced bytes: asynchronous appends past it are refused, and only so. */
    @Test
    final void optional_W512_refusesAsynchronousAppendsPastTheBoundOnUnforcedBytes() {
        say(MAX_UNSYNCED, 8_192);
        int refused = 0;
        try (Wal wal = log().open()) {
            List<CompletableFuture<Position>> futures = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                futures.add(wal.appendAsync(record(i, 1_000)));
            }
            for (CompletableFuture<Position> future : futures) {
                Throwable failure = future.handle(
                                (done, failed) -> failed == null ? new Throwable("acknowledged") : causeOf(failed))
                        .join();
                if (failure instanceof BackPressureException e) {
                    assertEquals(Outcome.REJECTED, e.outcome());
                    assertEquals(Reason.BACK_PRESSURE, e.reason());
                    refused++;
                } else {
                    assertEquals("acknowledged", failure.getMessage(), () -> "an append ended with " + failure);
                }
            }
            assertEquals(300 - refused, entries(wal).size());
            wal.appendAsync(record(300)).join();
        }
    }
}
