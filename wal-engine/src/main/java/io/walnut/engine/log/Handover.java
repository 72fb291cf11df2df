package io.walnut.engine.log;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A task on its way to an executor that is not the log's own. One that runs tasks at once, on the thread that gives them,
 * does not run it: that thread may hold what the task waits for, and so decides itself who runs it.
 */
public final class Handover implements Runnable {
    private final Runnable task;
    private final Thread giver = Thread.currentThread();
    private final AtomicBoolean begun = new AtomicBoolean();
    private boolean giving = true;
    private boolean atOnce;

    private Handover(Runnable task) {
        this.task = task;
    }

    /**
     * Gives a task to an executor. Where that throws, it does not run the task, even if it has taken it.
     *
     * @return whether the executor runs the task; if not, it would have done so at once
     */
    public static boolean give(Runnable task, Executor executor) {
        Handover handover = new Handover(task);
        try {
            executor.execute(handover);
        } catch (Throwable e) { // also what a language without checked exceptions throws
            if (handover.begun.compareAndSet(false, true)) {
                throw e;
            }
        } finally {
            handover.giving = false;
        }
        return !handover.atOnce;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a thread is what it is
    public void run() {
        if (Thread.currentThread() == giver && giving) {
            atOnce = true;
        } else if (begun.compareAndSet(false, true)) {
            task.run();
        }
    }
}
