package io.walnut.engine.log;

import io.walnut.api.WalException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Completes the futures of appends in the order of their records. A completion joins the queue under the append lock, so that
 * the queue has the order of the log whatever the threads do afterwards. The thread that forces moves one mark, up to where
 * outcomes are known. One thread at a time completes up to that mark, on the user's executor or else on a worker: neither
 * appends nor forces wait for it, nor for the executor.
 *
 * <p>Every force asks the executor again for what is not completed, so an executor that loses a task holds up futures only
 * until the next force.
 */
final class Completions {
    private final Failure failure;
    private final AppendFailures appendFailures;
    private final Workers workers;
    private final Handovers handovers;
    private final @Nullable Executor executor;

    /** The last one added. Guarded by the append lock. */
    private Completion<?> last = new Completion<>(place -> place);

    /** The last one whose outcome is known. Written by the thread that forces. */
    private volatile Completion<?> settled = last;

    /** The last one that is completed, or is being completed. Written by the thread that completes. */
    private volatile Completion<?> done = last;

    private final AtomicBoolean completing = new AtomicBoolean();

    /** Set while a worker or the executor is being asked to complete. */
    private final AtomicBoolean asked = new AtomicBoolean();

    /** The last settled completion when the executor was asked. Belongs to the thread that has set {@link #asked}. */
    private Completion<?> askedUpTo = last;

    private final Runnable onWorker = this::completeOnWorker;
    private final Runnable complete = this::complete;
    private final Handovers.Task onExecutor = new Handovers.Task() {
        @Override
        public void run() {
            complete();
        }

        @Override
        public void handed(boolean taken, @Nullable Throwable why) {
            handedToExecutor(taken);
        }
    };

    /**
     * An empty queue.
     *
     * @param workers complete futures where there is no executor or it does not take them
     * @param handovers give to the executor
     * @param executor the user's, or null if there is none
     */
    Completions(
            Failure failure,
            AppendFailures appendFailures,
            Workers workers,
            Handovers handovers,
            @Nullable Executor executor) {
        this.failure = failure;
        this.appendFailures = appendFailures;
        this.workers = workers;
        this.handovers = handovers;
        this.executor = executor;
    }

    /** Adds the completion of the append that was placed last. Only under the append lock. */
    void add(Completion<?> completion) {
        last.following = completion;
        last = completion;
    }

    /** Decides the outcomes that are known by now. Only for the thread that forces. */
    void settle(ReadableEnd readable) {
        Completion<?> known = settled;
        for (Completion<?> next = known.following; next != null; next = next.following) {
            if (!next.settle(readable, failure)) {
                break;
            }
            known = next;
        }
        if (known != settled) {
            settled = known;
        }
    }

    /**
     * Has completed what is settled, in the background. Waits for nothing.
     *
     * @return false if there is no thread for that
     */
    boolean ask() {
        if (done == settled || completing.get() || !asked.compareAndSet(false, true)) {
            return true;
        }
        askedUpTo = settled;
        try {
            if (executor == null) {
                workers.execute(onWorker);
            } else {
                handovers.give(onExecutor, executor);
            }
            return true;
        } catch (RuntimeException | Error e) {
            asked.set(false);
            return false;
        }
    }

    /** As {@link #ask}, but completes here if there is no thread. Only for a thread that nothing waits for. */
    void askOrComplete() {
        if (!ask()) {
            complete();
        }
    }

    private void completeOnWorker() {
        asked.set(false);
        complete();
    }

    private void handedToExecutor(boolean taken) {
        Completion<?> upTo = askedUpTo;
        asked.set(false);
        if (!taken) {
            workers.executeOrRun(complete);
        } else if (upTo != settled) {
            askOrComplete();
        }
    }

    /** Completes what is settled now; what is settled meanwhile has a turn of its own, since others use the executor too. */
    private void complete() {
        if (!completing.compareAndSet(false, true)) {
            return; // the thread that completes looks again when it is through
        }
        try {
            Completion<?> end = settled;
            for (Completion<?> each = done; each != end; ) {
                each = following(each);
                done = each;
                if (!each.isDurable()) {
                    appendFailures.count(WalException.Reason.FAILED);
                }
                each.complete(failure);
            }
        } finally {
            completing.set(false);
        }
        askOrComplete();
    }

    private static Completion<?> following(Completion<?> completion) {
        Completion<?> next = completion.following;
        if (next == null) {
            throw new IllegalStateException("settled, but not added");
        }
        return next;
    }
}
