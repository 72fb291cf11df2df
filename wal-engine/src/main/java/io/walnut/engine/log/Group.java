package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Those who wait for the same force. Joining takes no lock; all are told together. */
final class Group {
    /** A thread that waits, or none: then joining has a force begin that covers what was appended before. */
    static class Waiter {
        private static final int WAITS = 0;
        private static final int TOLD = 1;
        private static final int LEFT = 2;

        private @Nullable Waiter next;
        private int threads;
        private @Nullable Waiter wakes;
        private final @Nullable Thread thread;
        private final AtomicInteger state = new AtomicInteger(WAITS);

        /** A waiter for a thread, or for none. */
        Waiter(@Nullable Thread thread) {
            this.thread = thread;
        }

        /** Waits, without being ended by an interrupt; the flag stays set. */
        final void await() {
            boolean interrupted = false;
            while (state.get() != TOLD) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            wakeNext();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** As {@link #await}, up to a deadline; {@return false if that came first} */
        final boolean awaitUntil(long deadline) {
            boolean interrupted = false;
            while (state.get() != TOLD) {
                long left = deadline - System.nanoTime();
                if (left <= 0 && state.compareAndSet(WAITS, LEFT)) {
                    break;
                }
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
            boolean told = state.get() == TOLD;
            if (told) {
                wakeNext();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return told;
        }

        /** {@return whether it still waited} It then wakes another, if there is one. */
        private boolean tell(@Nullable Waiter another) {
            wakes = another;
            return state.compareAndSet(WAITS, TOLD);
        }

        private void wakeNext() {
            Waiter following = wakes;
            if (following != null) {
                LockSupport.unpark(following.thread);
            }
        }
    }

    /** Up to so many threads are all woken by whoever forced, who then waits for all of them. */
    static final int FEW = 8;

    /** More than so many are all woken by whoever forced: the first are back before the last, and the next force is for most. */
    private static final int MANY = 64;

    /** Of others so many are woken by whoever forced; each of them wakes the next, while the next force is under way. */
    private static final int CHAINS = 2;

    private static final Waiter CLOSED = new Waiter(null);

    private final AtomicReference<@Nullable Waiter> head = new AtomicReference<>();

    /** {@return false if the force is over: then it has covered whatever was appended before} */
    @SuppressWarnings("ReferenceEquality")
    boolean join(Waiter waiter) {
        while (true) {
            Waiter first = head.get();
            if (first == CLOSED) {
                return false;
            }
            waiter.next = first;
            waiter.threads = (first == null ? 0 : first.threads) + (waiter.thread == null ? 0 : 1);
            if (head.compareAndSet(first, waiter)) {
                return true;
            }
        }
    }

    boolean isEmpty() {
        return head.get() == null;
    }

    /** {@return how many threads have joined; 0 once it is closed} */
    int threads() {
        Waiter last = head.get();
        return last == null ? 0 : last.threads;
    }

    /** Ends the group: no waiter can join any more, and the threads are told; returns how many these were. */
    @SuppressWarnings("ReferenceEquality")
    int close() {
        @Nullable Waiter[] chains = new Waiter[CHAINS];
        Waiter last = head.getAndSet(CLOSED);
        int joined = last == null ? 0 : last.threads;
        boolean wakesAll = joined <= FEW || joined > MANY;
        int threads = 0;
        // from the last who joined to the first: whom a waiter wakes has been told before
        for (Waiter waiter = last; waiter != null && waiter != CLOSED; ) {
            Waiter before = waiter.next;
            int chain = threads % CHAINS;
            waiter.next = null; // a completion outlives the group
            if (waiter.thread != null && waiter.tell(chains[chain])) {
                threads++;
                if (wakesAll) {
                    LockSupport.unpark(waiter.thread);
                } else {
                    chains[chain] = waiter;
                }
            }
            waiter = before;
        }
        for (Waiter first : chains) {
            if (first != null) {
                LockSupport.unpark(first.thread);
            }
        }
        return threads;
    }
}
