package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.engine.log.Workers;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Futures of appends on executors that wait, throw, lose tasks or run them in any order. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuturesTest {
    @TempDir
    Path temp;

    private EngineBuilder engine(Executor executor) {
        return Engine.builder(temp)
                .storage(new MemoryStorage("futures"))
                .fsync((pending, bytes) -> FsyncStrategy.NOW)
                .executor(executor);
    }

    /** Fails, instead of waiting for ever, if the log does. */
    static void inTime(Runnable action) {
        FutureTask<Void> task = new FutureTask<>(action, null);
        Thread thread = new Thread(task, "in time");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anExecutorThatWaitsStopsNeitherAppendsNorClosing() {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Wal wal = engine(task -> {
                    waits.countDown();
                    Latches.await(goOn);
                    task.run();
                })
                .open();
        CompletableFuture<Position> first = wal.appendAsync(put("a", "1"));
        List<CompletableFuture<Position>> later = new ArrayList<>();
        inTime(() -> {
            Latches.await(waits);
            for (int i = 0; i < 3; i++) {
                wal.append(put("b", "2"));
                later.add(wal.appendAsync(put("c", "3")));
            }
            wal.sync();
            wal.close();
        });
        assertFalse(first.isDone());
        goOn.countDown();
        inTime(() -> {
            first.join();
            later.forEach(CompletableFuture::join);
        });
    }

    @Test
    void anActionMayAppendOnAnExecutorWithOneThreadThatIsBusy() {
        BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(1);
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, queue, (task, pool) -> uninterrupted(() -> queue.put(task)));
        try (Wal wal = engine(one).open()) {
            List<CompletableFuture<Position>> all = new ArrayList<>();
            inTime(() -> {
                for (int i = 0; i < 200; i++) {
                    all.add(wal.appendAsync(put("a", "1")).thenApply(position -> wal.append(put("b", "2"))));
                    wal.append(put("c", "3"));
                }
                all.forEach(CompletableFuture::join);
            });
            assertEquals(601, wal.nextSequence());
        } finally {
            one.shutdownNow();
        }
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Interruptible action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            throw new RejectedExecutionException(e);
        }
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new RejectedExecutionException("full"),
                new OutOfMemoryError("unable to create native thread"),
                new StackOverflowError(),
                new NoClassDefFoundError("a class of the user's"),
                new Error("another"),
                new Exception("a checked one, as Kotlin throws it"));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void futuresCompleteWhateverTheExecutorThrows(Throwable failure) {
        Wal wal = engine(task -> FuturesTest.<RuntimeException>sneak(failure)).open();
        inTime(() -> {
            Position position = wal.appendAsync(put("a", "1")).join();
            assertEquals(wal.start(), position);
            wal.appendAsync(put("b", "2")).join();
            wal.close();
        });
    }

    @Test
    void futuresKeepTheirOrderOnAnExecutorThatRunsTasksInAnother() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        List<String> completed = Collections.synchronizedList(new ArrayList<>());
        try (Wal wal = engine(tasks::add).open()) {
            CompletableFuture<Position> first = wal.appendAsync(put("a", "1"));
            first.thenRun(() -> completed.add("first"));
            Runnable ofFirst = tasks.take();
            CompletableFuture<Position> second = wal.appendAsync(put("b", "2"));
            second.thenRun(() -> completed.add("second"));
            tasks.take().run();
            ofFirst.run();
            assertEquals(List.of("first", "second"), completed);
        }
    }

    @Test
    void aTaskThatAnExecutorLosesHoldsUpNoLaterFuture() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        try (Wal wal = engine(tasks::add).open()) {
            CompletableFuture<Position> first = wal.appendAsync(put("a", "1"));
            tasks.take(); // never runs
            CompletableFuture<Position> second = wal.appendAsync(put("b", "2"));
            tasks.take().run();
            assertTrue(first.isDone());
            assertTrue(second.isDone());
        }
    }

    /** The first appender stops right after its record has its place, which is when it has space prepared. */
    @Test
    void futuresCompleteInTheOrderOfTheRecordsAlthoughTheLaterAppenderIsFaster() {
        Stopping workers = new Stopping();
        Wal wal = engine(Runnable::run)
                .workers(workers)
                .set("wal.segment.bytes", "64KiB")
                .open();
        List<CompletableFuture<Position>> futures = new ArrayList<>();
        CountDownLatch returned = new CountDownLatch(1);
        boolean[] completed = new boolean[1];
        Thread slow = new Thread(() -> {
            wal.append(put("first", ""));
            workers.stops = Thread.currentThread();
            while (workers.stops != null) {
                futures.add(wal.appendAsync(put("slow", "value")));
            }
            completed[0] = futures.get(futures.size() - 1).isDone();
            returned.countDown();
        });
        slow.setDaemon(true);
        slow.start();
        inTime(() -> {
            Latches.await(workers.stopped);
            wal.appendAsync(put("fast", "value")).join();
            workers.holds = true;
            workers.goOn.countDown();
            Latches.await(returned);
            workers.release();
            wal.close();
        });
        assertTrue(completed[0], "a later record's future was completed before");
    }

    /** Stops one thread once, where it has space prepared; holds back tasks when it is told to. */
    private static final class Stopping implements Workers {
        private final Workers threads = Workers.shared();
        private final List<Runnable> held = new ArrayList<>();
        final CountDownLatch stopped = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile Thread stops;
        volatile boolean holds;

        @Override
        public void execute(Runnable task) {
            if (Thread.currentThread() == stops && isIn("prepareAhead")) {
                stops = null;
                stopped.countDown();
                Latches.await(goOn);
            }
            synchronized (held) {
                if (holds) {
                    held.add(task);
                    return;
                }
            }
            threads.execute(task);
        }

        void release() {
            synchronized (held) {
                holds = false;
                held.forEach(threads::execute);
            }
        }

        private static boolean isIn(String method) {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals(method)));
        }

        @Override
        public void schedule(Runnable task, long nanos) {
            threads.schedule(task, nanos);
        }
    }
}
