package io.walnut.engine;

import java.util.concurrent.CountDownLatch;

/** Waiting in places that may not throw what an interrupt throws. */
final class Latches {
    private Latches() {}

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
