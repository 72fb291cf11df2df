package io.walnut.engine.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives tasks to the executors of users, whose {@code execute} may wait or throw. Each executor that has tasks to come has
 * one thread that gives them; only tasks for the same executor wait for that thread. Thread-safe.
 */
public final class Handovers {
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");

    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; by identity, because the equality of an executor is the user's too. */
    private final IdentityHashMap<Executor, Lane> lanes = new IdentityHashMap<>();

    /** Uses these threads: as many at a time as there are executors that wait. */
    public Handovers(Executor threads) {
        this.threads = threads;
    }

    /** A task for an executor. */
    public interface Task extends Runnable {
        /**
         * Reports what the executor did with the task. Must neither wait nor run what a user has written.
         *
         * @param taken whether the executor runs the task; if not, the task has to run elsewhere
         * @param why the task was refused; null if it was taken, or the executor would have run it at once
         */
        void handed(boolean taken, @Nullable Throwable why);
    }

    /**
     * Gives a task to an executor, after those that were given to it before. Does not wait for the executor.
     *
     * @throws RuntimeException if no thread can do that; the task is not given
     * @throws Error likewise
     */
    public void give(Task task, Executor executor) {
        Lane lane;
        lock.lock();
        try {
            Lane busy = lanes.get(executor);
            if (busy != null) {
                busy.tasks.add(task);
                return;
            }
            lane = new Lane(executor);
            lane.tasks.add(task);
            lanes.put(executor, lane);
        } finally {
            lock.unlock();
        }
        try {
            threads.execute(lane);
        } catch (RuntimeException | Error e) {
            List<Task> others = end(lane);
            others.remove(task);
            others.forEach(each -> each.handed(false, e));
            throw e;
        }
    }

    private List<Task> end(Lane lane) {
        lock.lock();
        try {
            lanes.remove(lane.executor);
            return new ArrayList<>(lane.tasks);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Task next(Lane lane) {
        lock.lock();
        try {
            Task task = lane.tasks.poll();
            if (task == null) {
                lanes.remove(lane.executor);
            }
            return task;
        } finally {
            lock.unlock();
        }
    }

    private final class Lane implements Runnable {
        private final Executor executor;
        private final ArrayDeque<Task> tasks = new ArrayDeque<>();

        Lane(Executor executor) {
            this.executor = executor;
        }

        @Override
        public void run() {
            for (Task task = next(this); task != null; task = next(this)) {
                try {
                    give(task);
                } catch (RuntimeException | Error e) {
                    LOG.log(System.Logger.Level.DEBUG, "wal.handover.failed", e);
                }
            }
        }

        private void give(Task task) {
            boolean taken = false;
            Throwable why = null;
            try {
                taken = Handover.give(task, executor);
            } catch (Throwable e) {
                why = e;
            }
            task.handed(taken, why);
        }
    }
}
