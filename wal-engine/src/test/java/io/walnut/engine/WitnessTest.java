package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.engine.format.Witness;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is noted after each force, and what that costs. */
class WitnessTest {
    private static final int FORCES = 10;

    @TempDir
    Path directory;

    private WatchedStorage storage;

    @BeforeEach
    void watch() {
        storage = new WatchedStorage(new FileStorage(directory));
    }

    private Wal open(String io) {
        return Engine.builder(directory)
                .fsync((pending, append) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.io", io)
                .storage(storage)
                .open();
    }

    private static void force(Wal wal) {
        for (int i = 0; i < FORCES; i++) {
            wal.append(put("key", "value"));
            wal.sync();
        }
    }

    private long calls(String operation) {
        return storage.trace.stream().filter((operation + " WITNESS")::equals).count();
    }

    private Witness newest() throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve("WITNESS"));
        ByteBuffer both = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Witness first = Witness.read(both, 0);
        Witness second = Witness.read(both, Witness.SLOT);
        return second == null || first != null && first.generation() > second.generation() ? first : second;
    }

    private void assertNoted(Position durable, int generation) throws IOException {
        Witness noted = newest();
        assertEquals(generation, noted.generation());
        assertEquals(durable, new Position(noted.segment(), noted.offset()));
    }

    /**
     * The file is written even where segments are mapped: if somebody emptied it, a store into mapped memory would throw an
     * error from anywhere soon after, in the thread that has to tell those who wait.
     */
    @ParameterizedTest
    @ValueSource(strings = {"mapped", "channel"})
    void eachForceIsNotedByOneWriteAndTheNoteIsNeverForced(String io) throws IOException {
        try (Wal wal = open(io)) {
            force(wal);
            assertNoted(wal.durableEnd(), FORCES);
            assertEquals(0, calls("map"));
            assertEquals(1 + FORCES, calls("write"), "the zeros of a new file are one");
            assertEquals(0, calls("force"));
        }
        assertEquals(0, storage.openFiles());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 48, 1000})
    void itIsNotedAgainWhenSomebodyCutTheFileOff(int size) throws IOException {
        try (Wal wal = open("mapped")) {
            force(wal);
            byte[] bytes = Files.readAllBytes(directory.resolve("WITNESS"));
            Files.write(directory.resolve("WITNESS"), Arrays.copyOf(bytes, size));
            force(wal);
            assertNoted(wal.durableEnd(), 2 * FORCES);
        }
        try (Wal wal = open("mapped")) {
            assertEquals(2 * FORCES, Logs.entries(wal).size());
        }
    }
}
