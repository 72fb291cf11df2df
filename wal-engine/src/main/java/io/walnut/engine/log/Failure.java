package io.walnut.engine.log;

import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalState;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The first failure of a log, which is final, whether the log is closed, and so whether a call may begin. */
public final class Failure {
    private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
    private volatile Consumer<Throwable> listener = failure -> {};
    private volatile boolean closed;

    /** The thread on which a preallocator works for the log, if one does. */
    private volatile @Nullable Thread preallocating;

    /**
     * Sets the listener that learns of the first failure, once, perhaps under the append lock. What it throws is ignored.
     */
    void onFirst(Consumer<Throwable> told) {
        listener = told;
    }

    /** Stops the log, if nothing did before. Does not throw: the threads that wait still have to be woken. */
    void fail(Throwable failure) {
        if (cause.compareAndSet(null, failure)) {
            try {
                listener.accept(failure);
            } catch (RuntimeException | Error e) {
                // no memory to report it now, for instance; closing the log reports it again
            }
        }
    }

    /** What makes something durable. */
    interface Force {
        void run() throws IOException;
    }

    /** Forces something; if that fails, the log has failed. */
    void force(Force what) throws IOException {
        try {
            what.run();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        }
    }

    /** Stops the log, unless it is closed, if another writer may have its directory. */
    void failIfLost(StorageLock lock, String location) {
        String why = lock.lost();
        if (!why.isEmpty() && !closed) {
            fail(new IOException("the lock on " + location + " was lost: " + why));
        }
    }

    void close() {
        closed = true;
    }

    boolean isFailed() {
        return cause.get() != null;
    }

    @Nullable
    Throwable cause() {
        return cause.get();
    }

    WalState state() {
        return closed ? WalState.CLOSED : isFailed() ? WalState.FAILED : WalState.OPEN;
    }

    /** {@return the state as a number: 0 open, 1 failed, 2 closed} */
    int code() {
        return closed ? 2 : isFailed() ? 1 : 0;
    }

    /** The calling thread enters a preallocator, for which appends, deletions and closing wait. */
    void beginPreallocating() {
        preallocating = Thread.currentThread();
    }

    /** The calling thread has left the preallocator. */
    void endPreallocating() {
        preallocating = null;
    }

    /**
     * Refuses a call that a preallocator makes to the log that waits for it.
     *
     * @param outcome of an append, if it is one
     */
    @SuppressWarnings("ReferenceEquality") // a thread is what it is
    void checkNotPreallocating(Outcome outcome) {
        Thread waitedFor = preallocating;
        if (waitedFor != null && waitedFor == Thread.currentThread()) {
            throw new WalException(
                    Reason.PLUGIN,
                    outcome,
                    "a preallocator called the log that it reserves space for: the call would wait for the preallocator"
                            + " itself; reserve the space without using the log",
                    null);
        }
    }

    /** Refuses what may not begin any more, or not here. */
    void checkOpen() {
        checkNotPreallocating(Outcome.REJECTED);
        if (closed) {
            throw closedException();
        }
        if (cause.get() != null) {
            throw exception(Outcome.REJECTED);
        }
    }

    void checkNotClosed() {
        if (closed) {
            throw closedException();
        }
    }

    private static WalClosedException closedException() {
        return new WalClosedException("the log is closed");
    }

    WalFailedException exception(Outcome outcome) {
        Throwable first = cause.get();
        String what = outcome == Outcome.INDETERMINATE
                ? "whether the append is on the device is not known: the log stopped after a failure: "
                : "the log stopped after a failure and has to be opened again: ";
        return new WalFailedException(outcome, what + first, first);
    }
}
