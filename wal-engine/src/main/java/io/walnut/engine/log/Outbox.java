package io.walnut.engine.log;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Passes signals on in order, on a worker and never on the thread that has something to tell. Bounded: what finds it full
 * is dropped and counted.
 */
final class Outbox {
    static final int CAPACITY = 4096;
    private static final long SOON_NANOS = 10_000_000;

    private final Workers workers;
    private final BlockingQueue<Runnable> signals = new LinkedBlockingQueue<>(CAPACITY);
    private final AtomicBoolean delivering = new AtomicBoolean();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final LongAdder dropped = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Runnable last;
    private volatile boolean over;
    private volatile @Nullable Thread deliverer;

    Outbox(Workers workers) {
        this.workers = workers;
    }

    /** Passes a signal on at once, and all before it. */
    void offer(Runnable signal) {
        if (enqueue(signal)) {
            deliver();
        }
    }

    /** Passes a signal on within some milliseconds, so that many frequent ones need one worker. */
    void offerLazily(Runnable signal) {
        if (enqueue(signal) && armed.compareAndSet(false, true)) {
            try {
                workers.schedule(this::deliverArmed, SOON_NANOS);
            } catch (RuntimeException | OutOfMemoryError e) {
                deliverArmed();
            }
        }
    }

    private boolean enqueue(Runnable signal) {
        if (signals.offer(signal)) {
            return true;
        }
        dropped.increment();
        return false;
    }

    private void deliverArmed() {
        armed.set(false);
        deliver();
    }

    private void deliver() {
        if ((!signals.isEmpty() || last != null) && delivering.compareAndSet(false, true)) {
            try {
                workers.execute(this::deliverAll);
            } catch (RuntimeException | OutOfMemoryError e) {
                delivering.set(false); // no thread to be had: the next signal asks again
            }
        }
    }

    private void deliverAll() {
        deliverer = Thread.currentThread();
        try {
            for (Runnable signal = signals.poll(); signal != null; signal = signals.poll()) {
                if (!over) {
                    signal.run();
                }
            }
            Runnable end = last;
            if (end != null) {
                last = null;
                over = true;
                try {
                    end.run();
                } finally {
                    ended.countDown();
                }
            }
        } finally {
            deliverer = null;
            delivering.set(false);
            deliver();
        }
    }

    /** {@return how many signals were dropped} */
    long dropped() {
        return dropped.sum();
    }

    /**
     * Passes on what is left and then one more signal, however full it is; nothing may be offered afterwards.
     *
     * @return whether that was done within a time
     */
    @SuppressWarnings("ReferenceEquality") // a thread is what it is
    boolean end(Runnable finalSignal, long nanos) {
        last = finalSignal;
        deliver();
        if (deliverer == Thread.currentThread()) {
            return true; // closed by what a signal called: that goes on when this returns
        }
        boolean interrupted = false;
        try {
            for (long until = System.nanoTime() + nanos; ; ) {
                try {
                    return ended.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
