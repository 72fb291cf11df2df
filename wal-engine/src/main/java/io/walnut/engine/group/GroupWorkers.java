package io.walnut.engine.group;

import io.walnut.engine.log.DaemonThreads;
import io.walnut.engine.log.Handovers;
import io.walnut.engine.log.Workers;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The threads of a group: some that work for the logs, as many that complete futures, as many that call what else is the
 * users', as many that close logs, and a timer. Apart, because the later may wait for the earlier. What works for the logs
 * must not wait for other such work.
 */
public final class GroupWorkers implements Workers, AutoCloseable {
    private final ThreadPoolExecutor forLogs;
    private final ThreadPoolExecutor forFutures;
    private final ThreadPoolExecutor forUsers;
    private final ThreadPoolExecutor chores;
    private final ThreadPoolExecutor givers;
    private final Handovers handovers;
    private final ScheduledThreadPoolExecutor timer;
    private final Workers futures;
    private final Workers users;

    /** At most so many threads of each kind. */
    public GroupWorkers(int threads) {
        this(threads, DaemonThreads::named);
    }

    GroupWorkers(int threads, Function<String, ThreadFactory> factories) {
        forLogs = pool(threads, factories.apply("walnut-group-worker-"));
        forFutures = pool(threads, factories.apply("walnut-group-future-"));
        forUsers = pool(threads, factories.apply("walnut-group-user-"));
        chores = pool(threads, factories.apply("walnut-group-closer-"));
        givers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                DaemonThreads.IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                factories.apply("walnut-group-giver-"));
        handovers = new Handovers(givers);
        timer = DaemonThreads.timer("walnut-group-timer-");
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        futures = Workers.on(forFutures, this::schedule);
        users = Workers.on(forUsers, this::schedule);
    }

    private static ThreadPoolExecutor pool(int threads, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, DaemonThreads.IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void execute(Runnable task) {
        forLogs.execute(task);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what a task has to tell, it tells by itself
    public void schedule(Runnable task, long nanos) {
        timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Workers forUsers() {
        return users;
    }

    @Override
    public Workers forFutures() {
        return futures;
    }

    @Override
    public Handovers handovers() {
        return handovers;
    }

    /** {@return the threads that close logs, for which they wait for all of the others} */
    public Executor chores() {
        return chores;
    }

    /** Takes no more tasks; those that were taken are done. */
    @Override
    public void close() {
        timer.shutdown();
        forLogs.shutdown();
        forFutures.shutdown();
        forUsers.shutdown();
        chores.shutdown();
        givers.shutdown();
    }
}
