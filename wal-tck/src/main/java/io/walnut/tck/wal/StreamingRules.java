package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Publishing entries. */
abstract class StreamingRules extends WalRules {
    private static final String FSYNC = "wal.fsync";

    StreamingRules() {}

    @BeforeEach
    final void segments() {
        smallSegments();
    }

    private static EntryQueue subscribe(Wal wal, Position from, long first) {
        EntryQueue subscriber = new EntryQueue(first);
        wal.publisher(from).subscribe(subscriber);
        return subscriber;
    }

    /** If this fails, look at the border of two segments, and at how a subscription learns of an append. */
    @Test
    @Needs(Capability.PUBLISHING)
    final void optional_W351_publishesEveryEntryOnceAndInOrder() {
        try (Wal wal = log().open()) {
            fill(wal, 3);
            wal.sync();
            EntryQueue early = subscribe(wal, Position.START, Long.MAX_VALUE);
            wal.appendBatch(records(100, 10));
            for (int i = 0; i < 50; i++) {
                wal.append(record(i, 3_000));
            }
            wal.sync();
            List<Entry> all = entries(wal);
            assertEquals(all, early.take(all.size()));
            Position middle = all.get(all.size() / 2).position();
            List<Entry> rest = all.subList(all.size() / 2, all.size());
            assertEquals(rest, subscribe(wal, middle, Long.MAX_VALUE).take(rest.size()));
        }
    }

    /** If this fails, look at the count of what was requested and not delivered yet. */
    @Test
    @Needs(Capability.PUBLISHING)
    final void optional_W352_deliversNoMoreThanIsRequested() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 100));
            wal.sync();
            EntryQueue slow = subscribe(wal, Position.START, 3);
            assertEquals(3, slow.take(3).size());
            EntryQueue other = subscribe(wal, Position.START, 100);
            assertEquals(100, other.take(100).size());
            slow.request(20);
            slow.request(1);
            List<Entry> more = slow.take(21);
            assertEquals(entries(wal).subList(3, 24), more);
            append(wal, records(0, 10));
            wal.sync();
            other.request(10);
            other.take(10);
            slow.cancel();
            assertEquals(24, slow.delivered());
        }
    }

    /** If this fails, look at who waits for a slow subscriber, and at what it is told when its next entry is gone. */
    @Test
    @Needs(Capability.PUBLISHING)
    final void optional_W353_isNotHeldBackByASlowSubscriberAndTellsItWhereToContinue() {
        try (Wal wal = log().open()) {
            if (!wal.capabilities().contains(Capability.SEGMENT_DELETION)) {
                throw new TestAbortedException("the backend does not claim SEGMENT_DELETION");
            }
            wal.append(record(0));
            wal.sync();
            EntryQueue slow = subscribe(wal, Position.START, 1);
            slow.take(1);
            fill(wal, 4);
            wal.sync();
            wal.deleteSegmentsBefore(wal.segments().get(1).end());
            assertEquals(1, slow.delivered());
            slow.request(1);
            PositionUnavailableException told = assertInstanceOf(PositionUnavailableException.class, slow.end());
            assertEquals(wal.start(), told.start());
            List<Entry> left = entries(wal);
            assertEquals(left, subscribe(wal, told.start(), Long.MAX_VALUE).take(left.size()));
        }
    }

    /** If this fails, look at what a subscriber is told when the log is closed: whether it has everything. */
    @Test
    @Needs(Capability.PUBLISHING)
    final void optional_W354_completesWhenTheLogIsClosedIfEverythingWasDelivered() {
        Wal wal = log().open();
        append(wal, records(0, 10));
        wal.sync();
        EntryQueue all = subscribe(wal, Position.START, Long.MAX_VALUE);
        EntryQueue some = subscribe(wal, Position.START, 5);
        all.take(10);
        some.take(5);
        wal.close();
        assertNull(all.end());
        assertInstanceOf(WalClosedException.class, some.end());
    }

    /** If this fails, look at the position with which a subscription begins. */
    @Test
    @Needs(Capability.PUBLISHING)
    final void optional_W355_refusesAPositionThatIsNotInTheLog() {
        try (Wal wal = log().open()) {
            append(wal, records(0, 10));
            Position end = wal.sync();
            Position beyond = new Position(end.segment() + 1, end.offset());
            PositionUnavailableException told = assertInstanceOf(
                    PositionUnavailableException.class,
                    subscribe(wal, beyond, 1).end());
            assertEquals(wal.start(), told.start());
            assertEquals(beyond, told.position().orElseThrow());
        }
    }

    /** If this fails, look at how far a subscription reads: unless it is told so, not beyond what is forced. */
    @Test
    @Needs(Capability.PUBLISHING)
    final void optional_W356_publishesOnlyWhatIsDurable() {
        if (log().key(FSYNC, "").isEmpty() && log().knows(FSYNC, "os")) {
            log().say(FSYNC, "os"); // then nothing is forced before the sync
        }
        ExecutorService oneAfterTheOther = Executors.newSingleThreadExecutor();
        try (Wal wal = log().open(oneAfterTheOther)) {
            int count = 300;
            append(wal, records(0, count));
            AtomicReference<Entry> early = new AtomicReference<>();
            EntryQueue durable = new EntryQueue(Long.MAX_VALUE, entry -> {
                if (entry.position().compareTo(wal.durableEnd()) >= 0) {
                    early.set(entry);
                }
            });
            wal.publisher(Position.START).subscribe(durable);
            EntryQueue whatever = new EntryQueue(Long.MAX_VALUE);
            wal.publisher(Position.START, ReadOptions.DEFAULT).subscribe(whatever);
            List<Entry> appended = whatever.take(count);
            wal.sync();
            assertEquals(appended, durable.take(count));
            assertNull(early.get(), () -> "published before it was durable: " + early.get());
            assertTrue(appended.get(count - 1).position().compareTo(wal.durableEnd()) < 0);
        } finally {
            oneAfterTheOther.shutdown();
        }
    }
}
