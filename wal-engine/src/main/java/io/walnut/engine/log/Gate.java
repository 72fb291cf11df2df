package io.walnut.engine.log;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A gate that opens once, for all who wait at it. Opening it allocates nothing, so that a lack of memory cannot leave a
 * thread waiting.
 */
final class Gate {
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    void open() {
        opened.countDown();
    }

    /** Opens it, with what went wrong if anything did. */
    void open(@Nullable Throwable why) {
        failure = why;
        open();
    }

    /** Waits until it is open, without being ended by an interrupt; the flag stays set. Returns what went wrong. */
    @Nullable
    Throwable await() {
        boolean interrupted = false;
        while (true) {
            try {
                opened.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return failure;
    }
}
