package io.walnut.engine.log;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;

/**
 * The threads that work for logs in the background: forcing, preparing space, sealing, completing futures. Tasks are
 * handed over outside of every lock, so an implementation may also run them at once. Shared by all logs of a process;
 * idle threads end by themselves.
 */
public interface Workers {
    /** Runs a task soon. */
    void execute(Runnable task);

    /** Runs a short task after a time. */
    void schedule(Runnable task, long nanos);

    /** {@return the time that passes, in nanoseconds since any moment, as timers see it; no clock that is set changes it} */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** {@return threads that call subscribers, which may take any time} */
    default Workers forUsers() {
        return this;
    }

    /** {@return threads that call meters, which may take any time} */
    default Workers forMeters() {
        return this;
    }

    /** {@return threads that call archivers, which may take any time} */
    default Workers forArchivers() {
        return this;
    }

    /** {@return threads that wait for forces, but for nothing that a user has written: retention, checkpoints, rotation by age} */
    default Workers forUpkeep() {
        return this;
    }

    /** {@return threads that complete futures, for which those {@link #forUsers} may wait; they run dependent actions} */
    default Workers forFutures() {
        return forUsers();
    }

    /** {@return how tasks are given to the executors of users, from threads that only these tasks wait for} */
    default Handovers handovers() {
        return new Handovers(this::execute);
    }

    /** {@return threads of an executor, for tasks of which a timer, given nanoseconds, tells when it is time} */
    static Workers on(Executor threads, ObjLongConsumer<Runnable> timer) {
        return on(threads, timer, System::nanoTime);
    }

    /**
     * Threads of an executor, with a time of their own.
     *
     * @param threads run the tasks
     * @param timer runs a task after some nanoseconds
     * @param nanoTime the time that passes
     * @return the workers
     */
    static Workers on(Executor threads, ObjLongConsumer<Runnable> timer, LongSupplier nanoTime) {
        return new Workers() {
            @Override
            public long nanoTime() {
                return nanoTime.getAsLong();
            }

            @Override
            public void execute(Runnable task) {
                threads.execute(task);
            }

            @Override
            public void schedule(Runnable task, long nanos) {
                timer.accept(task, nanos);
            }
        };
    }

    /** Has a task run by an executor; if that refuses or has no thread for it, it is run here and now. */
    static void executeOrRun(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }

    /** As {@link #executeOrRun(Executor, Runnable)}, by a worker. */
    default void executeOrRun(Runnable task) {
        try {
            execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }

    /** {@return the threads that the logs of this process share} */
    static Workers shared() {
        return Shared.INSTANCE;
    }

    /** Daemon threads that end when they have been idle. */
    final class Shared implements Workers {
        private static final Shared INSTANCE = new Shared();

        private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                DaemonThreads.IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                DaemonThreads.named("walnut-worker-"));
        private final ScheduledThreadPoolExecutor timer = DaemonThreads.timer("walnut-timer-");
        private final Handovers handovers = new Handovers(pool);

        private Shared() {}

        @Override
        public void execute(Runnable task) {
            pool.execute(task);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what a task has to tell, it tells by itself
        public void schedule(Runnable task, long nanos) {
            timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Handovers handovers() {
            return handovers;
        }
    }

    /** Runs tasks one after another, in the order in which they came, on other workers. */
    final class Serial {
        private final Workers workers;
        private final String logName;
        private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final AtomicInteger pending = new AtomicInteger();
        private final Runnable drain = this::drain; // made once: a lack of memory must not keep it from running

        /**
         * Tasks will run on these workers. What one of them throws is logged and keeps no other from running.
         *
         * @param workers run the tasks
         * @param logName the log that the tasks are for
         */
        public Serial(Workers workers, String logName) {
            this.workers = workers;
            this.logName = logName;
        }

        /** Runs a task after all those before it. */
        public void execute(Runnable task) {
            tasks.add(task);
            if (pending.getAndIncrement() == 0) {
                workers.executeOrRun(drain);
            }
        }

        private void drain() {
            int done = 0;
            do {
                Runnable task = tasks.poll();
                if (task != null) {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        report(e);
                    }
                }
                done = 1;
            } while (pending.addAndGet(-done) > 0);
        }

        private void report(Throwable failed) {
            try {
                System.getLogger("io.walnut.engine")
                        .log(System.Logger.Level.WARNING, "wal.task.failed log=" + logName, failed);
            } catch (RuntimeException | Error e) {
                // no memory for a line; the tasks behind it run all the same
            }
        }
    }
}
