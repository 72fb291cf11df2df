package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.walnut.api.Capability;
import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Checkpoints. */
@Needs(Capability.CHECKPOINTS)
abstract class CheckpointRules extends WalRules {
    CheckpointRules() {}

    /** If this fails, look at what closing writes, and what opening loads. */
    @Test
    final void optional_W671_keepsCheckpointsFromLifeToLife() {
        Map<String, Position> saved;
        try (Wal wal = log().open()) {
            assertEquals(Map.of(), wal.checkpoints().all());
            List<Position> positions = append(wal, records(0, 10));
            wal.checkpoints().save("first", Position.START);
            wal.checkpoints().save("middle", positions.get(5));
            wal.checkpoints().save("last", positions.get(1));
            wal.checkpoints().save("last", wal.end());
            saved = wal.checkpoints().all();
            assertEquals(Map.of("first", Position.START, "middle", positions.get(5), "last", wal.end()), saved);
        }
        for (int life = 0; life < 2; life++) {
            try (Wal wal = log().open()) {
                assertEquals(saved, wal.checkpoints().all());
            }
        }
        try (Wal wal = log().open()) {
            append(wal, records(10, 2));
            assertEquals(7, countFrom(wal, "middle"));
            assertEquals(2, countFrom(wal, "last"));
            assertEquals(12, countFrom(wal, "first"));
        }
    }

    private static long countFrom(Wal wal, String name) {
        try (WalReader reader = wal.read(wal.checkpoints().load(name).orElseThrow())) {
            return reader.stream().count();
        }
    }

    /** If this fails, look at a name that is forgotten: it must not come back, and another may take its place. */
    @Test
    final void optional_W672_forgetsWhatIsRemoved() {
        try (Wal wal = log().open()) {
            Position position = wal.append(record(0));
            wal.checkpoints().save("gone", position);
            wal.checkpoints().save("kept", position);
            wal.checkpoints().flush();
            wal.checkpoints().remove("gone");
            wal.checkpoints().remove("never-there");
            assertEquals(Optional.empty(), wal.checkpoints().load("gone"));
            wal.checkpoints().flush();
        }
        try (Wal wal = log().open()) {
            assertEquals(List.of("kept"), List.copyOf(wal.checkpoints().all().keySet()));
        }
    }

    /** If this fails, look at what is checked before anything is remembered. */
    @Test
    final void optional_W673_refusesWhatIsNoNameAndNoPosition() {
        try (Wal wal = log().open()) {
            wal.append(record(0));
            Checkpoints checkpoints = wal.checkpoints();
            for (String name : List.of("", "../up", "a/b", "a b", ".hidden", "x".repeat(128), Checkpoints.LOST)) {
                assertThrows(IllegalArgumentException.class, () -> checkpoints.save(name, Position.START), name);
            }
            Position beyond = new Position(wal.end().segment(), wal.end().offset() + 8);
            PositionUnavailableException refused =
                    assertThrows(PositionUnavailableException.class, () -> checkpoints.save("a", beyond));
            assertEquals(wal.end(), refused.end());
            Position last = wal.append(record(1));
            Position inside = new Position(last.segment(), last.offset() + 1);
            assertThrows(PositionUnavailableException.class, () -> checkpoints.save("a", inside));
            assertEquals(Map.of(), checkpoints.all());
            checkpoints.save("x".repeat(127), wal.end());
            checkpoints.save("A.b_c-1", wal.end());
            assertEquals(2, checkpoints.all().size());
        }
    }

    /** If this fails, look at what {@code all()} gives: the names as they are now, sorted, and not as they will be. */
    @Test
    final void optional_W674_tellsAllOfThemAsTheyAre() {
        try (Wal wal = log().open()) {
            Map<String, Position> before = wal.checkpoints().all();
            for (String name : List.of("b", "c", "a")) {
                wal.checkpoints().save(name, Position.START);
            }
            assertEquals(Map.of(), before);
            Map<String, Position> all = wal.checkpoints().all();
            assertEquals(List.of("a", "b", "c"), List.copyOf(all.keySet()));
            assertThrows(UnsupportedOperationException.class, () -> all.remove("a"));
        }
    }

    /** If this fails, look at the state that is checked first. */
    @Test
    final void optional_W675_doesNothingWhenTheLogIsClosed() {
        Wal wal = log().open();
        Checkpoints checkpoints = wal.checkpoints();
        wal.close();
        assertThrows(WalClosedException.class, () -> checkpoints.save("a", Position.START));
        assertThrows(WalClosedException.class, () -> checkpoints.load("a"));
        assertThrows(WalClosedException.class, checkpoints::flush);
    }

    /** If this fails, look at saving and flushing at the same time: each name has the last of its own positions. */
    @Test
    final void stochastic_W676_savesForManyConsumersAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Map<String, Position> all;
        try (Wal wal = log().open()) {
            List<Position> positions = append(wal, records(0, 50));
            List<Future<?>> consumers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "consumer-" + i;
                consumers.add(threads.submit(() -> positions.forEach(position -> {
                    wal.checkpoints().save(name, position);
                    if (position.offset() % 3 == 0) {
                        wal.checkpoints().flush();
                    }
                })));
            }
            for (Future<?> each : consumers) {
                each.get(1, TimeUnit.MINUTES);
            }
            all = wal.checkpoints().all();
            assertEquals(4, all.size());
            all.values().forEach(position -> assertEquals(positions.get(49), position));
        } finally {
            threads.shutdownNow();
        }
        try (Wal wal = log().open()) {
            assertEquals(all, wal.checkpoints().all());
        }
    }
}
