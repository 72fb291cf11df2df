package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {
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
                .set("wal.segment.bytes", "64KiB");
    }

    private static void fill(Wal wal, int segments) {
        fill(wal, segments, WalRecord.put(bytes("key"), new byte[1000]));
    }

    /** Appends until there are so many segments, the last of which holds one record. */
    private static void fill(Wal wal, int segments, WalRecord record) {
        do {
            wal.append(record);
        } while (wal.segments().size() < segments);
    }

    private static long bytesOf(Wal wal) {
        return wal.segments().stream().mapToLong(SegmentInfo::bytes).sum();
    }

    @Test
    void withoutALimitNothingIsPlannedAndNothingGoes() {
        try (Wal wal = engine().open()) {
            fill(wal, 4);
            time.pass(Duration.ofDays(365));
            assertEquals(0, time.timers());
            assertEquals(4, wal.segments().size());
        }
        assertEquals(0, meter.value(Metrics.RETENTION_RUNS));
    }

    @Test
    void theOldestGoWhileThereAreMoreBytesThanTheLimit() {
        try (Wal wal = engine().set("wal.retention.bytes", "150000").open()) {
            fill(wal, 6);
            time.pass(INTERVAL.minusNanos(1));
            assertEquals(6, wal.segments().size());
            List<SegmentInfo> before = wal.segments();
            time.pass(Duration.ofNanos(1));
            assertTrue(bytesOf(wal) <= 150_000);
            assertTrue(bytesOf(wal) + before.get(0).bytes() > 150_000, "no more than needed");
            assertEquals(before.subList(before.size() - wal.segments().size(), before.size()), wal.segments());
            fill(wal, 6);
            time.pass(INTERVAL);
            assertTrue(bytesOf(wal) <= 150_000, "it runs again and again");
            assertEquals(2, meter.value(Metrics.RETENTION_RUNS));
            assertTrue(meter.value(Metrics.SEGMENTS_DELETED) >= 6);
        }
    }

    @Test
    void theSegmentThatIsAppendedToNeverGoes() {
        try (Wal wal = engine().set("wal.retention.bytes", "1")
                .set("wal.retention.age", "1ns")
                .set("wal.retention.expired", "true")
                .set("wal.retention.checkpoints", "delete")
                .open()) {
            fill(wal, 3, put("k", "v".repeat(1000)).withTtl(Duration.ofNanos(1)));
            wal.checkpoints().save("a", wal.end());
            time.pass(INTERVAL);
            assertEquals(
                    List.of(false),
                    wal.segments().stream().map(SegmentInfo::sealed).toList());
            assertEquals(1, entries(wal).size());
        }
    }

    @Test
    void aSegmentGoesWhenItsLastRecordIsOld() {
        try (Wal wal = engine().set("wal.retention.age", "1h").open()) {
            fill(wal, 2);
            time.pass(Duration.ofMinutes(30));
            fill(wal, 3); // the second segment gets records until now
            time.pass(Duration.ofMinutes(30));
            assertEquals(2, wal.segments().size());
            time.pass(Duration.ofMinutes(30));
            assertEquals(1, wal.segments().size());
        }
    }

    @Test
    void aSegmentGoesWhenAllOfItsRecordsHaveExpiredAlsoInALaterLife() {
        try (Wal wal = engine().set("wal.retention.expired", "true").open()) {
            fill(wal, 2, put("k", "v".repeat(1000)).withTtl(Duration.ofHours(1)));
            wal.append(put("k", "for ever"));
            fill(wal, 3, put("k", "v".repeat(1000)).withTtl(Duration.ofHours(1)));
            time.pass(Duration.ofMinutes(59));
            assertEquals(3, wal.segments().size());
        }
        time.pass(Duration.ofMinutes(2));
        try (Wal wal = engine().set("wal.retention.expired", "true").open()) {
            time.pass(INTERVAL);
            assertEquals(2, wal.segments().size(), "the second holds a record that does not expire");
            time.pass(Duration.ofDays(365));
            assertEquals(2, wal.segments().size());
        }
    }

    @Test
    void nothingAboveTheLowestCheckpointGoesWhateverTheLimitsSay() {
        try (Wal wal = engine().set("wal.retention.bytes", "1").open()) {
            fill(wal, 5);
            List<SegmentInfo> before = wal.segments();
            wal.checkpoints().save("fast", wal.end());
            wal.checkpoints().save("slow", before.get(2).start());
            time.pass(INTERVAL);
            assertEquals(before.subList(2, 5), wal.segments());
            long held = before.get(2).bytes() + before.get(3).bytes();
            assertEquals(held, meter.value(Metrics.RETENTION_HELD));
            wal.checkpoints().save("slow", before.get(3).end()); // just past the last record of the fourth
            time.pass(INTERVAL);
            assertEquals(before.subList(4, 5), wal.segments());
            assertEquals(0, meter.value(Metrics.RETENTION_HELD));
        }
    }

    @Test
    void aCheckpointHoldsAlsoInALaterLife() {
        Position slow;
        try (Wal wal = engine().open()) {
            fill(wal, 4);
            slow = wal.segments().get(1).start();
            wal.checkpoints().save("slow", slow);
        }
        try (Wal wal = engine().set("wal.retention.bytes", "1").open()) {
            time.pass(INTERVAL);
            assertEquals(slow, wal.start());
            wal.checkpoints().remove("slow");
            time.pass(INTERVAL);
            assertTrue(wal.start().compareTo(slow) > 0);
        }
    }

    @Test
    void aStalledConsumerHoldsBackNoMoreBytesThanItMayAndAnEventTells() {
        try (Wal wal = engine().set("wal.retention.bytes", "70000")
                .set("wal.retention.checkpoints.max.bytes", "200000")
                .open()) {
            fill(wal, 2);
            Position stalled = wal.segments().get(0).start();
            wal.checkpoints().save("stalled", stalled);
            wal.checkpoints().save("late", wal.segments().get(1).start());
            time.pass(INTERVAL);
            assertEquals(2, wal.segments().size(), "it holds");
            assertEquals(List.of(), meter.events(WalEvent.CheckpointLapsed.class));
            fill(wal, 8);
            time.pass(INTERVAL);
            assertTrue(bytesOf(wal) <= 200_000, "and not more");
            assertTrue(bytesOf(wal) > 100_000, "nor less");
            List<WalEvent.CheckpointLapsed> lapsed = meter.events(WalEvent.CheckpointLapsed.class);
            assertEquals(
                    List.of("late", "stalled"),
                    lapsed.stream().map(WalEvent.CheckpointLapsed::checkpoint).toList());
            assertEquals(stalled, lapsed.get(1).saved());
            assertEquals(wal.start(), lapsed.get(1).position());
            assertEquals(stalled, wal.checkpoints().load("stalled").orElseThrow(), "it stays where it was saved");
            assertThrows(PositionUnavailableException.class, () -> wal.read(stalled));
            fill(wal, 8);
            time.pass(INTERVAL);
            assertEquals(2, meter.events(WalEvent.CheckpointLapsed.class).size(), "each is told once");
            Position caughtUp = wal.segments().get(2).start();
            wal.checkpoints().save("stalled", caughtUp);
            wal.checkpoints().remove("late");
            time.pass(INTERVAL);
            assertEquals(caughtUp, wal.start(), "it holds again");
        }
    }

    @Test
    void aStalledConsumerHoldsBackNothingThatIsTooOld() {
        try (Wal wal = engine().set("wal.retention.bytes", "1")
                .set("wal.retention.checkpoints.max.age", "1d")
                .open()) {
            fill(wal, 2);
            wal.checkpoints().save("stalled", wal.start());
            time.pass(Duration.ofHours(23));
            fill(wal, 3);
            time.pass(Duration.ofHours(2));
            assertEquals(2, wal.segments().size(), "the first goes");
            assertEquals(1, meter.events(WalEvent.CheckpointLapsed.class).size());
        }
    }

    @Test
    void whatIsStillToBeArchivedNeverLapses() {
        try (Wal wal = engine().set("wal.retention.bytes", "1")
                .set("wal.retention.checkpoints.max.bytes", "1")
                .set("wal.retention.checkpoints.max.age", "1ns")
                .archiver((segment, content) -> {
                    throw new IOException("full");
                })
                .open()) {
            fill(wal, 4);
            time.pass(Duration.ofDays(1));
            assertEquals(4, wal.segments().size());
            assertEquals(List.of(), meter.events(WalEvent.CheckpointLapsed.class));
        }
    }

    @Test
    void whatEveryCheckpointHasPassedGoesIfThatIsWanted() {
        try (Wal wal = engine().set("wal.retention.checkpoints", "delete").open()) {
            fill(wal, 5);
            List<SegmentInfo> before = wal.segments();
            time.pass(INTERVAL);
            assertEquals(before, wal.segments(), "nobody has passed anything");
            wal.checkpoints().save("fast", wal.end());
            wal.checkpoints().save("slow", before.get(3).start());
            time.pass(INTERVAL);
            assertEquals(before.subList(3, 5), wal.segments());
        }
    }

    @Test
    void aReaderWhoseSegmentsGoIsToldWhereToContinue() {
        try (Wal wal = engine().set("wal.retention.bytes", "1").open()) {
            fill(wal, 4);
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next());
                time.pass(INTERVAL);
                PositionUnavailableException told = assertThrows(PositionUnavailableException.class, () -> {
                    while (reader.next()) {}
                });
                assertEquals(wal.start(), told.start());
                assertEquals(1, entries(wal, told.start()).size());
            }
        }
    }

    @Test
    void aFailureIsCountedAndTheNextTimeDoesBetter() {
        try (Wal wal = engine().set("wal.retention.bytes", "1").open()) {
            fill(wal, 4);
            storage.hook = (operation, file) -> {
                if (operation.equals("write") && file.equals("STATE")) {
                    throw new IOException("injected");
                }
            };
            time.pass(INTERVAL.multipliedBy(2));
            assertEquals(2, meter.value(Metrics.RETENTION_FAILURES));
            assertEquals(
                    List.of(WalEvent.UpkeepFailed.Task.RETENTION, WalEvent.UpkeepFailed.Task.RETENTION),
                    meter.events(WalEvent.UpkeepFailed.class).stream()
                            .map(WalEvent.UpkeepFailed::task)
                            .toList());
            assertEquals(WalState.OPEN, wal.state());
            assertEquals(4, wal.segments().size());
            wal.append(put("k", "v"));
            storage.hook = (operation, file) -> {
                if (operation.equals("delete") && file.startsWith("0000000002")) {
                    throw new IOException("injected");
                }
            };
            time.pass(INTERVAL);
            assertEquals(1, wal.segments().size(), "a file that cannot be deleted is no part of the log any more");
            assertEquals(2, meter.value(Metrics.RETENTION_FAILURES));
        }
    }

    @Test
    void aClosedLogPlansNothingAndIsForgotten() {
        Wal wal = engine().set("wal.retention.bytes", "1")
                .set("wal.segment.age", "1h")
                .open();
        fill(wal, 4);
        wal.close();
        storage.trace.clear();
        time.pass(Duration.ofDays(1));
        assertEquals(List.of(), storage.trace);
        assertEquals(0, time.timers());
    }

    @Test
    void anIdleSegmentThatHoldsRecordsIsSealedWhenItIsOld() {
        try (Wal wal = engine().set("wal.segment.age", "1h").open()) {
            time.pass(Duration.ofDays(1));
            assertEquals(0, wal.segments().size());
            wal.append(put("k", "1"));
            time.pass(Duration.ofMinutes(59));
            wal.append(put("k", "2"));
            assertEquals(
                    List.of(false),
                    wal.segments().stream().map(SegmentInfo::sealed).toList());
            time.pass(Duration.ofMinutes(9));
            assertEquals(
                    List.of(true),
                    wal.segments().stream().map(SegmentInfo::sealed).toList());
            assertEquals(wal.end(), wal.durableEnd());
            time.pass(Duration.ofDays(1));
            assertEquals(1, wal.segments().size(), "an empty segment is never begun");
            wal.append(put("k", "3"));
            time.pass(Duration.ofMinutes(68));
            assertEquals(
                    List.of(true, true),
                    wal.segments().stream().map(SegmentInfo::sealed).toList());
            assertEquals(3, entries(wal).size());
            assertEquals(2, meter.events(WalEvent.SegmentRolled.class).size());
        }
        try (Wal wal = engine().set("wal.segment.age", "1h").open()) {
            assertTrue(wal.recovery().clean());
            assertEquals(3, entries(wal).size());
            wal.append(put("k", "4"));
            assertEquals(3, wal.segments().size());
        }
    }

    @Test
    void aBusySegmentIsSealedWhenItIsOldAndNothingOfABatchIsTorn() {
        try (Wal wal = engine().set("wal.segment.age", "1h").open()) {
            for (int minute = 0; minute < 240; minute++) {
                wal.appendBatch(List.of(put("k", "1"), put("k", "2")));
                time.pass(Duration.ofMinutes(1));
            }
            int segments = wal.segments().size();
            assertTrue(segments >= 3 && segments <= 5, "segments: " + segments);
            assertTrue(wal.segments().stream().allMatch(each -> each.records() % 2 == 0));
            assertEquals(480, entries(wal).size());
        }
    }

    @Test
    void everythingOfAnIdleLogCanGoByAge() {
        try (Wal wal = engine().set("wal.segment.age", "1h")
                .set("wal.retention.age", "1d")
                .open()) {
            wal.append(put("k", "1"));
            time.pass(Duration.ofDays(2));
            assertEquals(List.of(), wal.segments());
            Position next = wal.append(put("k", "2"));
            assertEquals(next, wal.start());
            assertEquals(2, entries(wal).get(0).sequence());
        }
    }

    @Test
    void aClockThatGoesBackSealsAndDeletesNothingTooEarly() {
        try (Wal wal = engine().set("wal.segment.age", "1h")
                .set("wal.retention.age", "1h")
                .open()) {
            fill(wal, 2);
            time.set(time.instant().minus(Duration.ofDays(10)));
            time.pass(Duration.ofMinutes(50));
            assertEquals(2, wal.segments().size());
            assertEquals(
                    List.of(true, false),
                    wal.segments().stream().map(SegmentInfo::sealed).toList());
        }
    }
}
