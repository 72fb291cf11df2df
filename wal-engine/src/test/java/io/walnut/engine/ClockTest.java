package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.WalEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that are set, that run beyond what can be stored, and stamps that are odd: none of them deletes or holds. */
class ClockTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
    private final ManualTime time = new ManualTime();
    private final RecordingMeter meter = new RecordingMeter();

    private EngineBuilder engine() {
        return Engine.builder(Path.of("nowhere"))
                .storage(storage)
                .meter(meter)
                .clock(time)
                .workers(time)
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.segment.bytes", "64KiB")
                .set("wal.retention.age", "7d");
    }

    private static void fill(Wal wal, int more) {
        int until = wal.segments().size() + more;
        while (wal.segments().size() < until) {
            wal.append(WalRecord.put(bytes("key"), new byte[1000]));
        }
    }

    private List<WalEvent.ClockSuspect> suspicions() {
        return meter.events(WalEvent.ClockSuspect.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRecordThatIsStampedInTheFutureHoldsNothing(boolean reopened) {
        Wal wal = engine().open();
        wal.append(put("odd", "1").withTimestamp(Instant.parse("2099-01-01T00:00:00Z")));
        fill(wal, 3);
        if (reopened) {
            wal.close();
            wal = engine().open();
        }
        try (Wal log = wal) {
            log.append(put("last", "1"));
            time.pass(Duration.ofDays(6));
            assertEquals("odd", Logs.keys(log).get(0));
            assertEquals(1, suspicions().size(), "told once");
            assertTrue(suspicions().get(0).problem().contains("2099-01-01T00:00:00Z"));
            time.pass(Duration.ofDays(1).plus(INTERVAL));
            assertTrue(log.segments().size() <= 1, "nor what is behind it");
            assertTrue(Logs.keys(log).indexOf("odd") < 0);
        }
    }

    @Test
    void recordsThatAreStampedInThePastAreKeptFromTheirAppendOn() {
        WalRecord imported =
                WalRecord.put(bytes("key"), new byte[1000]).withTimestamp(Instant.parse("2021-01-01T00:00:00Z"));
        try (Wal wal = engine().open()) {
            while (wal.segments().size() < 4) {
                wal.append(imported);
            }
            time.pass(Duration.ofDays(6));
            assertEquals(4, wal.segments().size());
        }
        try (Wal wal = engine().open()) {
            time.pass(INTERVAL);
            assertEquals(4, wal.segments().size());
            time.pass(Duration.ofDays(8));
            assertTrue(wal.segments().size() < 2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClockThatStartsIn1970AndIsSetRightDeletesNothingThatIsSecondsOld(boolean reopened) {
        Instant right = time.instant();
        time.set(Instant.EPOCH);
        Wal wal = engine().open();
        fill(wal, 4);
        time.set(right);
        fill(wal, 3);
        int segments = wal.segments().size();
        if (reopened) {
            wal.close();
            wal = engine().open();
        }
        try (Wal log = wal) {
            time.pass(INTERVAL);
            assertEquals(segments, log.segments().size());
            assertEquals(reopened ? 0 : 1, suspicions().size());
            time.pass(Duration.ofDays(6));
            assertEquals(segments, log.segments().size());
            time.pass(Duration.ofDays(1));
            assertTrue(log.segments().size() <= 1, "but it goes when it is old");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2096-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "1970-01-01T00:00:00Z"})
    void aClockThatJumpsWhileTheLogIsOpenDeletesNothingEarlyAndHoldsNothing(String jumpsTo) {
        try (Wal wal = engine().open()) {
            fill(wal, 3);
        }
        time.pass(Duration.ofDays(2));
        try (Wal wal = engine().open()) {
            fill(wal, 3);
            int segments = wal.segments().size();
            time.set(Instant.parse(jumpsTo));
            time.pass(Duration.ofDays(4));
            assertEquals(segments, wal.segments().size());
            assertEquals(1, suspicions().size(), "told once");
            time.pass(Duration.ofDays(4));
            fill(wal, 2);
            if (jumpsTo.startsWith("2096")) {
                assertTrue(wal.segments().size() <= 3, "what is old goes");
            }
            assertTrue(wal.segments().stream().allMatch(each -> each.number() > 0));
        }
    }

    @Test
    void aClockBeyondWhatCanBeStoredStaysAtTheLimitAndDeletesNothing() {
        time.set(Instant.parse("2500-01-01T00:00:00Z"));
        try (Wal wal = engine().open()) {
            fill(wal, 4);
            time.pass(INTERVAL);
            assertEquals(4, wal.segments().size());
            assertTrue(entries(wal).stream()
                    .allMatch(entry ->
                            entry.record().timestamp().orElseThrow().isAfter(Instant.parse("2262-01-01T00:00:00Z"))));
            time.pass(Duration.ofDays(8));
            assertEquals(1, wal.segments().size());
        }
        try (Wal wal = engine().open()) {
            fill(wal, 4);
            time.pass(INTERVAL);
            assertEquals(5, wal.segments().size());
        }
    }

    @Test
    void stampsAreStoredUpToTheLimitsAndRefusedBeyondBeforeThereIsARecord() {
        try (Wal wal = engine().open()) {
            for (String stamp : List.of("1678-01-01T00:00:00Z", "2261-12-31T23:59:59.999999999Z")) {
                Instant at = Instant.parse(stamp);
                wal.append(put("k", "v").withTimestamp(at).withTtl(Duration.ofDays(36_500)));
                List<Entry> entries = entries(wal);
                assertEquals(
                        at, entries.get(entries.size() - 1).record().timestamp().orElseThrow());
            }
            for (String stamp : List.of("2262-04-12T00:00:00Z", "1677-09-21T00:00:00Z")) {
                assertThrows(IllegalArgumentException.class, () -> put("k", "v").withTimestamp(Instant.parse(stamp)));
            }
        }
    }
}
