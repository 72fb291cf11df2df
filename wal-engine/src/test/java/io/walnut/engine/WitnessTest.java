package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.engine.format.Witness;
import io.walnut.engine.storage.FileStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .set("wal.fsync", "os")
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

    /** Writes are the zeros of a new file, the first note of a life, and the others where nothing is mapped. */
    @ParameterizedTest
    @CsvSource({"mapped, 1, 2", "channel, 0, 11"})
    void eachForceIsNotedAtOnceAndAMappedLogMakesNoCallForIt(String io, int maps, int writes) throws IOException {
        try (Wal wal = open(io)) {
            force(wal);
            assertNoted(wal.durableEnd(), FORCES);
            assertEquals(maps, calls("map"));
            assertEquals(writes, calls("write"));
            assertEquals(0, calls("force"));
        }
        assertEquals(0, storage.openFiles());
    }

    @ParameterizedTest
    @CsvSource({"0", "48", "1000"})
    void aFileThatIsTooShortIsMadeLongEnough(int size) throws IOException {
        try (Wal wal = open("mapped")) {
            force(wal);
        }
        Path file = directory.resolve("WITNESS");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), size));
        try (Wal wal = open("mapped")) {
            force(wal);
            assertEquals(Witness.FILE_BYTES, Files.size(file));
            assertEquals(wal.durableEnd(), new Position(newest().segment(), newest().offset()));
        }
    }

    @Test
    void aLogGoesOnWithoutWhereItsFileCannotBeMapped() throws IOException {
        storage.hook = (operation, file) -> {
            if (operation.equals("map") && file.equals("WITNESS")) {
                throw new IOException("Cannot allocate memory");
            }
        };
        try (Wal wal = open("mapped")) {
            force(wal);
            assertEquals(1, newest().generation());
        }
        assertEquals(0, storage.openFiles());
        storage.hook = (operation, file) -> {};
        try (Wal wal = open("mapped")) {
            assertTrue(wal.recovery().clean());
            force(wal);
            assertEquals(1 + FORCES, newest().generation());
        }
    }
}
