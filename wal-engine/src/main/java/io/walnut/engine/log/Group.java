package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Those who wait for the same force. Joining takes no lock; all are told together. */
final class Group {
    /** Who waits: a thread, or what a subclass stands for. */
    static class Waiter {
        private @Nullable Waiter next;
        private final @Nullable Thread thread;
        private volatile boolean done;

        /** A waiter for a thread, or for none. */
        Waiter(@Nullable Thread thread) {
            this.thread = thread;
        }

        /** Waits, without being ended by an interrupt; the flag stays set. */
        final void await() {
            boolean interrupted = false;
            while (!done) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

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
            if (head.compareAndSet(first, waiter)) {
                return true;
            }
        }
    }

    boolean isEmpty() {
        return head.get() == null;
    }

    /** {@return those who joined, the first one first; nobody can join any more} */
    @SuppressWarnings("ReferenceEquality")
    @Nullable
    Waiter close() {
        Waiter last = head.getAndSet(CLOSED);
        Waiter first = null;
        while (last != null && last != CLOSED) {
            Waiter before = last.next;
            last.next = first;
            first = last;
            last = before;
        }
        return first;
    }

    /** Tells the threads among some waiters, and gives the others. */
    static @Nullable Waiter wakeThreads(@Nullable Waiter first) {
        Waiter others = null;
        Waiter lastOther = null;
        for (Waiter waiter = first; waiter != null; ) {
            Waiter following = waiter.next;
            waiter.next = null;
            Thread thread = waiter.thread;
            if (thread != null) {
                waiter.done = true;
                LockSupport.unpark(thread);
            } else if (lastOther == null) {
                others = waiter;
                lastOther = waiter;
            } else {
                lastOther.next = waiter;
                lastOther = waiter;
            }
            waiter = following;
        }
        return others;
    }

    /** {@return the waiter behind another in what {@link #wakeThreads} gave} */
    static @Nullable Waiter after(Waiter waiter) {
        return waiter.next;
    }
}
