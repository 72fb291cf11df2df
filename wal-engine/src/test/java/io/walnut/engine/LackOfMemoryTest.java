package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.walnut.api.Durability;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalProvider;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A passing lack of memory, injected at each allocation of the append and commit path in turn. */
class LackOfMemoryTest {
    private static final int THREADS = 3;
    private static final int APPENDS = 2;
    private static final int MAX_ALLOCATIONS = 4000;

    @TempDir
    Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> rejected = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> withoutOutcome = new ConcurrentLinkedQueue<>();

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    void findOnlyThePartsThatHaveChecks() {
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    }

    @AfterEach
    void findAllPartsAgain() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @ParameterizedTest
    @CsvSource({"always, mapped, 1", "batch, mapped, 1", "always, channel, 3", "os, channel, 1"})
    void everyAppendHasAnOutcomeAndTheLogGoesOnOrStops(String fsync, String io, int lacking) throws Exception {
        WalProvider engine = (WalProvider) new AllocationFaults("io.walnut.engine.log.")
                .loadClass("io.walnut.engine.EngineProvider")
                .getConstructor()
                .newInstance();
        int step = 1;
        int points = 0;
        for (int n = 0; n < MAX_ALLOCATIONS; n += step) {
            if (!live(engine, config(n, fsync, io), n, lacking)) {
                break;
            }
            points++;
            step = n < 60 ? 1 : 11;
        }
        assertTrue(points > 60, () -> "the path allocates less than expected");
        System.out.println("LackOfMemoryTest " + fsync + " " + io + ": memory was lacking at " + points + " points");
    }

    private WalConfig config(int n, String fsync, String io) {
        return WalConfig.builder(directory.resolve(fsync + io + n))
                .set("wal.fsync", fsync)
                .set("wal.io", io)
                .set("wal.segment.bytes", "64KiB")
                .set("wal.segment.reserve.bytes", "4KiB")
                .build();
    }

    /** Returns whether the lack was reached. */
    private boolean live(WalProvider engine, WalConfig config, int n, int lacking) throws Exception {
        acknowledged.clear();
        rejected.clear();
        Wal wal = engine.open(config);
        boolean lacked;
        try {
            AllocationFaults.lackAfter(n, lacking);
            List<CompletableFuture<?>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                work.add(started(() -> appendAll(wal, number)));
            }
            await(n, CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)));
            await(n, started(() -> ignoringFailures(wal::sync)));
        } finally {
            lacked = AllocationFaults.end();
        }
        assertEquals(List.of(), List.copyOf(withoutOutcome), "at allocation " + n);
        if (wal.state() == WalState.OPEN) { // then it goes on
            append(() -> wal.append(record("after"), Durability.DEVICE), "after");
            assertTrue(acknowledged.contains("after"), "open, but takes nothing at allocation " + n);
        }
        await(n, started(() -> ignoringFailures(wal::close)));
        Set<String> recovered = new HashSet<>();
        try (Wal again = engine.open(config);
                WalReader reader = again.read(Position.START)) {
            while (reader.next()) {
                recovered.add(StandardCharsets.UTF_8.decode(reader.key()).toString());
            }
        }
        for (String key : acknowledged) {
            assertTrue(recovered.contains(key), () -> key + " was acknowledged and lost at allocation " + n);
        }
        for (String key : rejected) {
            assertTrue(!recovered.contains(key), () -> key + " was rejected and stored at allocation " + n);
        }
        return lacked;
    }

    private void appendAll(Wal wal, int thread) {
        for (int i = 0; i < APPENDS; i++) {
            String key = thread + "-" + i;
            append(() -> wal.append(record(key)), key);
            append(() -> wal.append(record(key + "-device"), Durability.DEVICE), key + "-device");
            append(() -> wal.appendBatch(List.of(record(key + "-batch"))), key + "-batch");
            append(() -> wal.appendAsync(record(key + "-async")).join(), key + "-async");
        }
    }

    private static WalRecord record(String key) {
        return WalRecord.put(key.getBytes(StandardCharsets.UTF_8), new byte[3000]);
    }

    private void append(Runnable append, String key) {
        try {
            append.run();
            acknowledged.add(key);
        } catch (Throwable e) {
            Throwable cause = e instanceof CompletionException ? e.getCause() : e;
            if (cause instanceof WalException failure && failure.outcome() != Outcome.NONE) {
                if (failure.outcome() == Outcome.REJECTED) {
                    rejected.add(key);
                }
            } else {
                withoutOutcome.add(e);
            }
        }
    }

    private static void ignoringFailures(Runnable action) {
        try {
            action.run();
        } catch (WalException | OutOfMemoryError e) {
            assertNotEquals("", String.valueOf(e.getMessage())); // it is told, and that is all that is asked here
        }
    }

    private static CompletableFuture<Void> started(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static void await(int n, CompletableFuture<?> done) throws Exception {
        try {
            done.get(1, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            StringBuilder stacks = new StringBuilder();
            Thread.getAllStackTraces().forEach((thread, stack) -> {
                if (List.of(stack).toString().contains("io.walnut")) {
                    stacks.append(thread).append(List.of(stack)).append(System.lineSeparator());
                }
            });
            fail("hung after a lack of memory at allocation " + n + System.lineSeparator() + stacks);
        }
    }
}
