package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PersistentCacheTest {
    private static final long SEED = 23;
    private static final int MAX_BYTES = 300_000;

    @TempDir(factory = FastDirectory.class)
    Path temp;

    private final List<String> loaded = new ArrayList<>();

    private static WalConfig config(Path directory) {
        return PersistentCache.config(directory).toBuilder()
                .segmentBytes(64 << 10)
                .build();
    }

    private static byte[] value(String key) {
        return (key + "x".repeat(1_000)).getBytes(UTF_8);
    }

    private void get(PersistentCache cache, String key) {
        assertArrayEquals(value(key), cache.get(key, missing -> {
            loaded.add(missing);
            return value(missing);
        }));
    }

    private void getAll(PersistentCache cache, int from, int to) {
        for (int i = from; i < to; i++) {
            get(cache, "key-" + i);
        }
    }

    @Test
    void shouldBeWarmAfterARestartAndAfterAKill() throws IOException {
        Path killed = temp.resolve("killed");
        try (Wal wal = Wal.open(config(temp.resolve("log")))) {
            PersistentCache cache = new PersistentCache(wal, MAX_BYTES);
            getAll(cache, 0, 100);
            assertEquals(100, loaded.size());
            cache.invalidate("key-7");
            Lives.copy(temp.resolve("log"), killed);
        }
        for (Path log : List.of(temp.resolve("log"), killed)) {
            try (Wal wal = Wal.open(config(log))) {
                loaded.clear();
                getAll(new PersistentCache(wal, MAX_BYTES), 0, 100);
                assertEquals(List.of("key-7"), loaded);
            }
        }
    }

    @Test
    void shouldTakeABoundedSpaceAndForgetTheOldest() {
        try (Wal wal = Wal.open(config(temp))) {
            PersistentCache cache = new PersistentCache(wal, MAX_BYTES);
            for (int i = 0; i < 2_000; i++) {
                get(cache, "key-" + i);
                long bytes =
                        wal.segments().stream().mapToLong(each -> each.bytes()).sum();
                assertTrue(bytes <= MAX_BYTES + 2 * (64 << 10), bytes + " bytes");
            }
            assertTrue(cache.size() < 400, cache.size() + " keys");
            loaded.clear();
            getAll(cache, 1_900, 2_000);
            assertEquals(List.of(), loaded, "the newest are there");
            get(cache, "key-0");
            assertEquals(List.of("key-0"), loaded, "the oldest is not");
        }
    }

    @Test
    void shouldOpenAndAnswerWhateverIsDamaged() throws IOException {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        for (int life = 0; life < 20; life++) {
            Path log = temp.resolve("log-" + life);
            String file;
            long length;
            try (Wal wal = Wal.open(config(log))) {
                getAll(new PersistentCache(wal, MAX_BYTES), 0, 200);
                file = wal.segments().get(random.nextInt(wal.segments().size())).name();
                length = wal.segments().get(0).bytes();
            }
            damage(log.resolve(file), random.nextLong(length));
            try (Wal wal = Wal.open(config(log))) {
                PersistentCache cache = new PersistentCache(wal, MAX_BYTES);
                getAll(cache, 0, 200);
                loaded.clear();
                getAll(cache, 0, 200);
                assertEquals(List.of(), loaded, "and it caches again");
            }
        }
    }

    @Test
    void shouldLoadAgainWhatIsDamagedWhileItRuns() throws IOException {
        try (Wal wal = Wal.open(config(temp))) {
            PersistentCache cache = new PersistentCache(wal, MAX_BYTES);
            getAll(cache, 0, 200);
            loaded.clear();
            damage(temp.resolve(wal.segments().get(0).name()), 20_000);
            getAll(cache, 0, 200);
            assertTrue(loaded.size() > 0 && loaded.size() < 200, loaded.size() + " loaded");
            loaded.clear();
            getAll(cache, 0, 200);
            assertEquals(List.of(), loaded);
        }
    }

    private static void damage(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int was = bytes.read();
            bytes.seek(offset);
            bytes.write(was ^ 0x55);
        }
    }
}
