package io.walnut.engine.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.engine.log.DaemonThreads;
import java.util.concurrent.CountDownLatch;
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
}
