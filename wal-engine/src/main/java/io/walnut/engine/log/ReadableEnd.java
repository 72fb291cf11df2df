package io.walnut.engine.log;

import io.walnut.api.WalState;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far the log can be read: up to the highest acknowledged place, after a failure up to the highest durable one. Who
 * waits for more is woken, without polling.
 */
public final class ReadableEnd {
    private final AtomicLong acknowledged;
    private final AtomicLong durable;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger waitingForAcknowledged = new AtomicInteger();
    private volatile Runnable watcher = () -> {};
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Failure failure;
    private volatile Cut cut = new Cut(0, 0);

    /** The log was cut off at a place; what follows lies at another or behind it. Between them there is nothing. */
    private record Cut(long end, long next) {
        boolean removed(long place) {
            return place > end && place < next;
        }
    }

    /** Everything that recovery found is durable. */
    public ReadableEnd(Failure failure, long place) {
        this.failure = failure;
        acknowledged = new AtomicLong(place);
        durable = new AtomicLong(place);
    }

    /** {@return just past the last durable record} */
    public long durable() {
        return durable.get();
    }

    /** {@return whether everything before a place is durable, or was so before it was removed} */
    boolean isDurable(long place) {
        return durable.get() >= place || cut.removed(place);
    }

    /** {@return just past the last record that can be read} */
    public long place(boolean durableOnly) {
        if (durableOnly || failure.isFailed()) {
            return durable.get();
        }
        long place = Math.max(acknowledged.get(), durable.get());
        Cut last = cut;
        return last.removed(place) ? last.end : place; // one that was acknowledged just before it was removed
    }

    /** Everything behind a place was removed, after it had been durable; what follows lies at another or behind it. */
    void cutOff(long end, long next) {
        cut = new Cut(end, next);
        acknowledged.set(end);
        durable.set(end);
    }

    void acknowledged(long place) {
        raise(acknowledged, place);
        if (waitingForAcknowledged.get() > 0) {
            wake();
        }
    }

    void forced(long place) {
        raise(durable, place);
        if (waiting.get() > 0) {
            wake();
        }
    }

    private static void raise(AtomicLong end, long place) {
        long before = end.get();
        while (before < place && !end.compareAndSet(before, place)) {
            before = end.get();
        }
    }

    void wake() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        watcher.run();
    }

    /** Somebody who takes no thread is told of every move as long as somebody {@linkplain #waits waits}; must not block. */
    void watchedBy(Runnable told) {
        watcher = told;
    }

    /** One more waits, who then has to look once more whether the end has moved already. */
    void waits(boolean durableOnly) {
        waiting.incrementAndGet();
        if (!durableOnly) {
            waitingForAcknowledged.incrementAndGet();
        }
    }

    /** One who waited does not any more. */
    void waitedFor(boolean durableOnly) {
        waiting.decrementAndGet();
        if (!durableOnly) {
            waitingForAcknowledged.decrementAndGet();
        }
    }

    /**
     * Waits until more can be read than up to a place.
     *
     * @return how many nanoseconds are left; 0 or less if the time is over, the thread was interrupted or the log is
     *     closed
     */
    public long await(long place, boolean durableOnly, long nanos) {
        waits(durableOnly);
        lock.lock();
        try {
            long left = nanos;
            while (place(durableOnly) <= place && failure.state() != WalState.CLOSED && left > 0) {
                left = moved.awaitNanos(left);
            }
            return left;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            lock.unlock();
            waitedFor(durableOnly);
        }
    }
}
