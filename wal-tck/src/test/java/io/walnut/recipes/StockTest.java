package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
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
class StockTest {
    private static final long SEED = 37;
    private static final int ITEMS = 4;

    @TempDir(factory = FastDirectory.class)
    Path temp;

    private static String item(int number) {
        return "item " + number + " " + "x".repeat(3_000);
    }

    @Test
    void shouldCountEachChangeOnceWhereverItIsKilled() throws IOException {
        Lives.killEverywhere(temp, SEED, 100, Warehouse::new);
    }

    private static final class Warehouse implements Lives.Program {
        private final Expected<Long> expected = new Expected<>(0L);

        @Override
        public void run(Lives.Life life) throws IOException {
            Random random = new Random(SEED);
            Stock stock = new Stock(life.root(), life.open(Lives.smallSegments(life.root())));
            for (int i = 0; i < 60; i++) {
                String item = item(random.nextInt(ITEMS));
                long change = random.nextInt(10);
                expected.change(item, expected.of(item) + change, () -> stock.change(item, change));
                if (i % 20 == 19) {
                    stock.snapshot();
                }
            }
        }

        @Override
        public void check(Path root) throws IOException {
            try (Wal wal = Wal.open(Lives.smallSegments(root))) {
                Stock stock = new Stock(root, wal);
                for (int i = 0; i < ITEMS; i++) {
                    expected.check(item(i), stock.amount(item(i)));
                }
            }
        }
    }

    @Test
    void shouldCountEachChangeOnceWhileSnapshotsAreTaken() throws IOException {
        int changes = 3_000;
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            Stock stock = new Stock(temp, wal);
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                threads.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < changes; i++) {
                        stock.change("nails", 1);
                    }
                }));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(threads.toArray(new CompletableFuture<?>[0]));
            while (!all.isDone()) {
                stock.snapshot();
            }
            all.join();
            stock.snapshot();
            assertTrue(
                    wal.start().compareTo(Position.START) > 0 && wal.segments().size() < 4, "the log stays short");
        }
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            assertEquals(2 * changes, new Stock(temp, wal).amount("nails"));
        }
    }
}
