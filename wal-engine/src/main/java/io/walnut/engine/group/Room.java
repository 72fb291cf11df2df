package io.walnut.engine.group;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The bound on how many logs of a group are open. A log takes its place before it is opened and gives it back when it is
 * closed, so logs that are opened at the same time cannot exceed the bound together. It is exceeded only while everything
 * else is in use. Thread-safe.
 */
final class Room {
    private final int max;
    private final BooleanSupplier closeOne;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Changed under the lock; read without it where a moment's value will do. */
    private final AtomicInteger taken = new AtomicInteger();

    /** Guarded by the lock, as are the next two. */
    private int opening;

    private int closing;
    private long changes;

    /**
     * Room for logs.
     *
     * @param max how many may be open
     * @param closeOne closes a log that is not in use; returns false if there is none
     */
    Room(int max, BooleanSupplier closeOne) {
        this.max = max;
        this.closeOne = closeOne;
    }

    /** Takes a place for a log that is about to be opened, for which another may be closed. Ends with one of the next two. */
    void take() {
        while (true) {
            long seen;
            lock.lock();
            try {
                if (taken.get() < max) {
                    taken.incrementAndGet();
                    opening++;
                    return;
                }
                seen = changes;
            } finally {
                lock.unlock();
            }
            if (!closeOne.getAsBoolean() && isTakenOverTheBound(seen)) {
                return;
            }
        }
    }

    /** Waits for logs that are being opened or closed, since none of those could be closed; they do not wait for room. */
    private boolean isTakenOverTheBound(long seen) {
        lock.lock();
        try {
            while (changes == seen && opening + closing > 0) {
                changed.awaitUninterruptibly();
            }
            if (changes != seen) {
                return false;
            }
            taken.incrementAndGet();
            opening++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The log that took a place is open. */
    void opened() {
        lock.lock();
        try {
            opening--;
            change();
        } finally {
            lock.unlock();
        }
    }

    /** The log that took a place could not be opened. */
    void notOpened() {
        lock.lock();
        try {
            opening--;
            taken.decrementAndGet();
            change();
        } finally {
            lock.unlock();
        }
    }

    /** A log that has a place is about to be closed. Ends with {@link #closed}. */
    void closes() {
        lock.lock();
        try {
            closing++;
        } finally {
            lock.unlock();
        }
    }

    /** The log is closed, or as closed as it can be. */
    void closed() {
        lock.lock();
        try {
            closing--;
            taken.decrementAndGet();
            change();
        } finally {
            lock.unlock();
        }
    }

    private void change() {
        changes++;
        changed.signalAll();
    }

    /** {@return how many logs have a place} */
    int taken() {
        return taken.get();
    }

    /** {@return whether more are open than may be} */
    boolean isExceeded() {
        return taken.get() > max;
    }
}
