package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free queue of threads that wait for the next force. The thread that forces {@linkplain #take takes} all of them
 * before its force begins, so that force covers whatever they appended, and {@linkplain #wake wakes} them together after
 * it. A thread that joins meanwhile waits for the force after that. Taking and waking allocate nothing: a lack of memory
 * cannot lose a thread between the two.
 */
final class CommitQueue {
    /** A thread that waits. */
    static final class Waiter {
        private static final int WAITS = 0;
        private static final int WOKEN = 1;
        private static final int LEFT = 2;

        private final Thread thread = Thread.currentThread();
        private final AtomicInteger state = new AtomicInteger(WAITS);

        /** The waiter that joined before. Written before joining, then by the thread that took the queue. */
        private @Nullable Waiter next;

        /** How many waiters there are up to this one. */
        private int count;

        /** The waiter that this one wakes when it is woken. Written before {@link #state}. */
        private @Nullable Waiter wakes;

        /** Waits until it is woken. An interrupt does not end that; the flag stays set. */
        void await() {
            boolean interrupted = false;
            while (state.get() != WOKEN) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            wakeNext();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** As {@link #await}, up to a deadline; returns false if that came first. */
        boolean awaitUntil(long deadline) {
            boolean interrupted = false;
            while (state.get() != WOKEN) {
                long left = deadline - System.nanoTime();
                if (left <= 0 && state.compareAndSet(WAITS, LEFT)) {
                    break;
                }
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
            boolean woken = state.get() == WOKEN;
            if (woken) {
                wakeNext();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return woken;
        }

        /** Marks it as woken, without unparking it; returns whether it still waited. It then wakes another, if there is one. */
        private boolean mark(@Nullable Waiter another) {
            wakes = another;
            return state.compareAndSet(WAITS, WOKEN);
        }

        private void wakeNext() {
            Waiter following = wakes;
            if (following != null) {
                LockSupport.unpark(following.thread);
            }
        }
    }

    /** Up to so many threads are all unparked by the thread that forced, which then waits for all of them. */
    static final int FEW = 8;

    /** More than so many are all unparked by the thread that forced: the first are back before the last, and the next force is for most. */
    private static final int MANY = 64;

    private final AtomicReference<@Nullable Waiter> head = new AtomicReference<>();

    void join(Waiter waiter) {
        Waiter first;
        do {
            first = head.get();
            waiter.next = first;
            waiter.count = first == null ? 1 : first.count + 1;
        } while (!head.compareAndSet(first, waiter));
    }

    boolean isEmpty() {
        return head.get() == null;
    }

    /** Returns how many threads have joined. */
    int size() {
        Waiter last = head.get();
        return last == null ? 0 : last.count;
    }

    /** Empties the queue; returns the waiter that joined last, for {@link #wake}, or null if there was none. */
    @Nullable
    Waiter take() {
        return head.getAndSet(null);
    }

    /**
     * Wakes all waiters that were taken. Of between {@link #FEW} and {@link #MANY} it unparks two only; each of these
     * unparks another one, and so on, while the next force is under way.
     *
     * @param last as {@link #take} returned it
     * @return how many threads were woken
     */
    static int wake(@Nullable Waiter last) {
        int joined = last == null ? 0 : last.count;
        boolean unparksAll = joined <= FEW || joined > MANY;
        Waiter even = null;
        Waiter odd = null;
        int threads = 0;
        // from the last to the first: the thread that a waiter unparks is marked before
        for (Waiter waiter = last; waiter != null; ) {
            Waiter before = waiter.next;
            boolean toEven = threads % 2 == 0;
            if (waiter.mark(unparksAll ? null : toEven ? even : odd)) {
                threads++;
                if (unparksAll) {
                    LockSupport.unpark(waiter.thread);
                } else if (toEven) {
                    even = waiter;
                } else {
                    odd = waiter;
                }
            }
            waiter = before;
        }
        if (even != null) {
            LockSupport.unpark(even.thread);
        }
        if (odd != null) {
            LockSupport.unpark(odd.thread);
        }
        return threads;
    }
}
