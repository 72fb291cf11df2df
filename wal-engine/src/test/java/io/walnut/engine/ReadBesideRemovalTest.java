package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.WalEvent;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records are removed, or the log is closed, between two steps of somebody who reads them: that is no damage. */
class ReadBesideRemovalTest {
    private static final int RECORDS = 600;
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final WatchedStorage storage = new WatchedStorage(new MemoryStorage("removal"));
    private final RecordingMeter meter = new RecordingMeter();
    private final List<Position> positions = new ArrayList<>();
    private final Wal wal = Engine.builder(Path.of("nowhere"))
            .storage(storage)
            .meter(meter)
            .executor(Runnable::run)
            .set("wal.segment.bytes", "512KiB")
            .open();

    @AfterEach
    void thereIsNoDamage() {
        wal.close();
        assertEquals(List.of(), meter.events(WalEvent.Corrupted.class));
    }

    private void fill() {
        for (int i = 0; i < RECORDS; i++) {
            positions.add(
                    wal.append(WalRecord.put(Logs.bytes("key"), new byte[1000]).withTimestamp(FIRST.plusSeconds(i))));
        }
        wal.sync();
    }

    /** Does something when this thread is about to read a segment the next time. */
    private void atNextRead(Runnable removal) {
        Thread reading = Thread.currentThread();
        storage.hook = (operation, file) -> {
            if (operation.equals("read") && file.endsWith(".wal") && Thread.currentThread() == reading) {
                storage.hook = (other, otherFile) -> {};
                removal.run();
            }
        };
    }

    static Stream<Arguments> lookups() {
        return Stream.<BiConsumer<Wal, Position>>of(
                        (wal, position) -> wal.read(position).close(),
                        (wal, position) -> {
                            try (WalReader reader = wal.read(position)) {
                                reader.next();
                            }
                        },
                        (wal, position) -> wal.positionOf(400),
                        (wal, position) -> {
                            Position found = wal.positionAt(FIRST.plusSeconds(399));
                            assertEquals(wal.end(), found);
                            throw new PositionUnavailableException("the end, as there is none", found, found, found);
                        })
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("lookups")
    void whatATruncationRemovesIsUnavailable(BiConsumer<Wal, Position> lookup) {
        fill();
        for (int last : new int[] {390, 200, 10}) {
            atNextRead(() -> wal.truncateAfter(positions.get(last)));
            assertThrows(PositionUnavailableException.class, () -> lookup.accept(wal, positions.get(399)));
            storage.hook = (operation, file) -> {};
        }
    }

    @ParameterizedTest
    @MethodSource("lookups")
    void whatADeletionRemovesIsUnavailableOrStillRead(BiConsumer<Wal, Position> lookup) {
        fill();
        atNextRead(() -> wal.deleteSegmentsBefore(wal.end()));
        try {
            lookup.accept(wal, positions.get(399));
        } catch (PositionUnavailableException | AssertionError e) {
            // what was open is read to its end
        }
    }

    @Test
    void aReaderAtTheNewEndGoesOnWithWhatComes() {
        fill();
        try (WalReader reader = wal.read(positions.get(100))) {
            reader.next();
            Position[] last = new Position[1];
            atNextRead(() -> {
                last[0] = reader.nextPosition();
                wal.truncateAfter(positions.get(positions.indexOf(last[0]) - 1));
            });
            while (last[0] == null && reader.next()) {
                assertTrue(reader.sequence() <= RECORDS);
            }
            assertEquals(last[0], wal.end());
            long sequence = wal.nextSequence();
            wal.append(Logs.put("next", ""));
            assertTrue(reader.next());
            assertEquals(sequence, reader.sequence());
        }
    }

    @Test
    void aSubscriptionAtTheNewEndGoesOnWithWhatComes() {
        fill();
        Subscriber subscriber = new Subscriber(1);
        wal.publisher(positions.get(100)).subscribe(subscriber);
        boolean[] removed = new boolean[1];
        atNextRead(() -> {
            Entry last = subscriber.entries.get(subscriber.entries.size() - 1);
            wal.truncateAfter(last.position());
            removed[0] = true;
        });
        while (!removed[0]) {
            subscriber.request(1);
        }
        long sequence = wal.nextSequence();
        wal.append(Logs.put("next", ""));
        subscriber.request(1);
        FuturesTest.inTime(() -> {
            while (!subscriber.end.isDone() && lastOf(subscriber) < sequence) {
                Thread.onSpinWait();
            }
        });
        assertFalse(subscriber.end.isDone());
        assertEquals(sequence, lastOf(subscriber));
    }

    private static long lastOf(Subscriber subscriber) {
        return subscriber.entries.get(subscriber.entries.size() - 1).sequence();
    }

    static Stream<Arguments> removals() {
        return Stream.<Consumer<Wal>>of(
                        wal -> wal.truncateAfter(wal.start()), wal -> wal.deleteSegmentsBefore(wal.end()))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("removals")
    void aValueWhosePartsAreRemovedIsUnavailable(Consumer<Wal> removal) {
        wal.append(Logs.put("first", ""));
        Position streamed = wal.append(WalRecord.put(Logs.bytes("key"), new byte[0]), Logs.counting(4 << 20), 4 << 20);
        wal.sync();
        try (WalReader reader = wal.read(streamed);
                InputStream value = reader.next() ? reader.valueStream() : InputStream.nullInputStream()) {
            atNextRead(() -> removal.accept(wal));
            assertThrows(PositionUnavailableException.class, () -> value.readAllBytes());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReaderOfAClosedLogSaysSoWhereverItStands() {
        fill();
        WalReader reader = wal.read(Position.START);
        assertTrue(reader.next());
        wal.close();
        List<Consumer<WalReader>> looks = List.of(
                WalReader::position,
                WalReader::sequence,
                WalReader::kind,
                WalReader::key,
                WalReader::value,
                WalReader::valueLength,
                WalReader::valueStream,
                WalReader::timestamp,
                WalReader::expiresAt,
                WalReader::record,
                WalReader::next);
        for (Consumer<WalReader> look : looks) {
            assertThrows(WalClosedException.class, () -> look.accept(reader));
        }
    }
}
