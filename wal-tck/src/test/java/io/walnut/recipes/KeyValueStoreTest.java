package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KeyValueStoreTest {
    private static final long SEED = 5;
    private static final int KEYS = 8;

    @TempDir(factory = FastDirectory.class)
    Path temp;

    @Test
    void shouldHoldWhatItHeldWhereverItIsKilledDuringCompactionToo() throws IOException {
        Lives.killEverywhere(temp, SEED, 100, Model::new);
    }

    private static final class Model implements Lives.Program {
        private final Expected<String> expected = new Expected<>("");

        @Override
        public void run(Lives.Life life) throws IOException {
            Random random = new Random(SEED);
            KeyValueStore store = new KeyValueStore(life.open(Lives.smallSegments(life.root())));
            for (int i = 0; i < 60; i++) {
                String key = "key-" + random.nextInt(KEYS);
                if (random.nextInt(4) == 0) {
                    expected.change(key, "", () -> store.remove(key));
                } else {
                    String value = i + "x".repeat(random.nextInt(10_000));
                    expected.change(key, value, () -> store.put(key, value.getBytes(UTF_8)));
                }
                if (i % 20 == 19) {
                    store.compact(2);
                }
            }
        }

        @Override
        public void check(Path root) {
            try (Wal wal = Wal.open(Lives.smallSegments(root))) {
                KeyValueStore store = new KeyValueStore(wal);
                for (int i = 0; i < KEYS; i++) {
                    String key = "key-" + i;
                    String found = store.get(key)
                            .map(bytes -> new String(bytes, UTF_8))
                            .orElse("");
                    expected.check(key, found);
                }
            }
        }
    }

    @Test
    void shouldTakeNoMoreSpaceThanLivesAfterCompactingEverything() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            KeyValueStore store = new KeyValueStore(wal);
            for (int i = 0; i < 1_000; i++) {
                store.put("key-" + i % KEYS, new byte[1000]);
            }
            store.remove("key-0");
            long before = bytes(wal);
            assertTrue(store.compact(Integer.MAX_VALUE) > 10);
            assertTrue(bytes(wal) < before / 8, bytes(wal) + " of " + before);
        }
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            KeyValueStore store = new KeyValueStore(wal);
            assertEquals(KEYS - 1, store.size());
            assertTrue(store.get("key-0").isEmpty());
            assertArrayEquals(new byte[1000], store.get("key-1").orElseThrow());
        }
    }

    private static long bytes(Wal wal) {
        return wal.segments().stream().mapToLong(each -> each.bytes()).sum();
    }

    @Test
    void shouldReadAndWriteWhileItIsCompacted() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            KeyValueStore store = new KeyValueStore(wal);
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                String key = "key-" + thread;
                store.put(key, new byte[0]);
                writers.add(CompletableFuture.runAsync(() -> {
                    for (int i = 1; i <= 1_000; i++) {
                        byte[] value = (i + "x".repeat(500)).getBytes(UTF_8);
                        store.put(key, value);
                        assertArrayEquals(value, store.get(key).orElseThrow());
                    }
                }));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0]));
            int deleted = 0;
            while (!all.isDone()) {
                deleted += store.compact(1);
            }
            all.join();
            assertTrue(deleted > 0);
        }
    }
}
