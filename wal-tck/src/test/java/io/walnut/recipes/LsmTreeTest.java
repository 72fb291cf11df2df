package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LsmTreeTest {
    private static final long SEED = 31;
    private static final int KEYS = 10;

    @TempDir(factory = FastDirectory.class)
    Path temp;

    @Test
    void shouldHoldWhatItHeldWhereverItIsKilledBetweenFreezingAndDeletingToo() throws IOException {
        Lives.killEverywhere(temp, SEED, 100, Model::new);
    }

    private static final class Model implements Lives.Program {
        private final Expected<String> expected = new Expected<>("");

        @Override
        public void run(Lives.Life life) throws IOException {
            Random random = new Random(SEED);
            LsmTree tree = new LsmTree(life.root().resolve("tables"), life.open(Lives.smallSegments(life.root())));
            for (int i = 0; i < 60; i++) {
                String key = "key-" + random.nextInt(KEYS);
                if (random.nextInt(4) == 0) {
                    expected.change(key, "", () -> tree.delete(key));
                } else {
                    String value = i + "x".repeat(random.nextInt(8_000));
                    expected.change(key, value, () -> tree.put(key, value));
                }
                if (i % 15 == 14) {
                    tree.flush();
                }
            }
        }

        @Override
        public void check(Path root) throws IOException {
            try (Wal wal = Wal.open(Lives.smallSegments(root))) {
                LsmTree tree = new LsmTree(root.resolve("tables"), wal);
                for (int i = 0; i < KEYS; i++) {
                    String key = "key-" + i;
                    expected.check(key, tree.get(key).orElse(""));
                }
            }
        }
    }

    @Test
    void shouldKeepOnlyWhatIsNotFlushedInTheLog() throws IOException {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            LsmTree tree = new LsmTree(temp.resolve("tables"), wal);
            for (int i = 0; i < 100; i++) {
                tree.put("key-" + i, "x".repeat(5_000));
            }
            int before = wal.segments().size();
            tree.flush();
            assertTrue(
                    wal.segments().size() < before,
                    "of " + before + " are left " + wal.segments().size());
            tree.put("key-100", "y");
        }
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            LsmTree tree = new LsmTree(temp.resolve("tables"), wal);
            assertEquals("x".repeat(5_000), tree.get("key-50").orElseThrow());
            assertEquals("y", tree.get("key-100").orElseThrow());
        }
    }

    @Test
    void shouldLoseNothingWhenAFlushFails() throws IOException {
        Path tables = temp.resolve("tables");
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            LsmTree tree = new LsmTree(tables, wal);
            tree.put("before", "1");
            Path inTheWay = Files.createDirectories(tables.resolve("unfinished"));
            assertThrows(IOException.class, tree::flush);
            tree.put("after", "2");
            assertEquals("1", tree.get("before").orElseThrow());
            Files.delete(inTheWay);
            tree.flush();
            tree.flush();
        }
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            LsmTree tree = new LsmTree(tables, wal);
            assertEquals("1", tree.get("before").orElseThrow());
            assertEquals("2", tree.get("after").orElseThrow());
        }
    }

    @Test
    void shouldLoseNoWriteThatComesWhileItIsFlushed() throws IOException {
        int writes = 2_000;
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            LsmTree tree = new LsmTree(temp.resolve("tables"), wal);
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                String key = "key-" + thread + "-";
                writers.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < writes; i++) {
                        tree.put(key + i, "v" + i);
                        assertEquals("v" + i, tree.get(key + i).orElseThrow());
                    }
                }));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0]));
            while (!all.isDone()) {
                tree.flush();
            }
            all.join();
        }
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            LsmTree tree = new LsmTree(temp.resolve("tables"), wal);
            for (int i = 0; i < writes; i++) {
                assertEquals("v" + i, tree.get("key-0-" + i).orElseThrow());
                assertEquals("v" + i, tree.get("key-1-" + i).orElseThrow());
            }
        }
    }
}
