package io.walnut.engine.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.engine.log.DaemonThreads;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupWorkersTest {
    private static ThreadFactory factory(String prefix) {
        return prefix.contains("user")
                ? task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                : DaemonThreads.named(prefix);
    }

    @Test
    void aTimerNeedsNoThreadOfTheUsers() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        try (GroupWorkers workers = new GroupWorkers(1, GroupWorkersTest::factory)) {
            workers.forUsers().schedule(ran::countDown, 1);
            assertTrue(ran.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void noKindOfThreadsWaitsForAnother() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GroupWorkers workers = new GroupWorkers(1)) {
            List<Executor> kinds = List.of(
                    workers::execute,
                    workers.forFutures()::execute,
                    workers.forUsers()::execute,
                    workers.forMeters()::execute,
                    workers.forArchivers()::execute,
                    workers.forUpkeep()::execute,
                    workers.chores());
            CountDownLatch running = new CountDownLatch(kinds.size());
            for (Executor kind : kinds) {
                kind.execute(() -> {
                    running.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            assertTrue(running.await(20, TimeUnit.SECONDS), "each kind has a thread of its own");
            goOn.countDown();
        }
    }
}
