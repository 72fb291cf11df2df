package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Those who wait for the same force. Joining takes no lock; all are told together. */
final class Group {
    /** Who waits: a thread, or what a subclass stands for. */
    static class Waiter {
        private static final int WAITS = 0;
        private static final int TOLD = 1;
        private static final int LEFT = 2;

        private @Nullable Waiter next;
        private int number;
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

        private void wakeNext() {
            Waiter following = wakes;
            if (following != null) {
                LockSupport.unpark(following.thread);
            }
        }
    }

    /**
     * Who had joined a group.
     *
     * @param threads how many threads, all told by now
     * @param others those that stand for no thread, the first one first
     */
    record Served(int threads, @Nullable Waiter others) {}

    /** How many threads are woken by whoever forced; each of them wakes the next, while the next force is under way. */
    private static final int CHAINS = 2;

    /** More than this many are all woken by whoever forced: the first are back before the last, and the next force is for most. */
    private static final int MANY = 64;

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
            waiter.number = first == null ? 1 : first.number + 1;
            if (head.compareAndSet(first, waiter)) {
                return true;
            }
        }
    }

    boolean isEmpty() {
        return head.get() == null;
    }

    /** {@return how many have joined; 0 once it is closed} */
    int size() {
        Waiter last = head.get();
        return last == null ? 0 : last.number;
    }

    /**
     * Ends the group: nobody can join any more, and the threads are told. Unless there are many, each wakes another, whose
     * turn had been prepared before, so that whoever forced can go on with the next force.
     */
    @SuppressWarnings("ReferenceEquality")
    Served close() {
        @Nullable Waiter[] chains = new Waiter[CHAINS];
        Waiter others = null;
        int threads = 0;
        // from the last who joined to the first: whom a waiter wakes has been told before
        for (Waiter waiter = head.getAndSet(CLOSED); waiter != null && waiter != CLOSED; ) {
            Waiter before = waiter.next;
            if (waiter.thread == null) {
                waiter.next = others;
                others = waiter;
            } else {
                int chain = threads % CHAINS;
                waiter.wakes = chains[chain];
                if (waiter.state.compareAndSet(Waiter.WAITS, Waiter.TOLD)) {
                    chains[chain] = waiter;
                    threads++;
                }
            }
            waiter = before;
        }
        for (Waiter first : chains) {
            if (threads > MANY) {
                wakeAll(first);
            } else if (first != null) {
                LockSupport.unpark(first.thread);
            }
        }
        return new Served(threads, others);
    }

    private static void wakeAll(@Nullable Waiter first) {
        for (Waiter waiter = first; waiter != null; ) {
            Waiter following = waiter.wakes;
            waiter.wakes = null; // who sees it still, because it was awake before, wakes another twice: no harm
            LockSupport.unpark(waiter.thread);
            waiter = following;
        }
    }

    /** {@return the waiter behind another in the others of {@link Served}} */
    static @Nullable Waiter after(Waiter waiter) {
        return waiter.next;
    }
}
