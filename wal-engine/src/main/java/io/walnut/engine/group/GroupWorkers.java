package io.walnut.engine.group;

import io.walnut.engine.log.DaemonThreads;
import io.walnut.engine.log.Handovers;
import io.walnut.engine.log.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The threads of a group, apart by what they may wait for: the page on the design has the table. What works for the logs must
 * not wait for other such work.
 */
public final class GroupWorkers implements Workers, AutoCloseable {
    private final List<ExecutorService> all = new ArrayList<>();
    private final Function<String, ThreadFactory> factories;
    private final int threads;
    private final ScheduledThreadPoolExecutor timer;
    private final Executor forLogs;
    private final Executor chores;
    private final Workers futures;
    private final Workers users;
    private final Workers meters;
    private final Workers archivers;
    private final Workers upkeep;
    private final Handovers handovers;

    /** At most so many threads of each kind, but for those that give tasks to executors: one for each that waits. */
    public GroupWorkers(int threads) {
        this(threads, DaemonThreads::named);
    }

    GroupWorkers(int threads, Function<String, ThreadFactory> factories) {
        this.threads = threads;
        this.factories = factories;
        timer = DaemonThreads.timer("walnut-group-timer-");
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        all.add(timer);
        forLogs = pool("walnut-group-worker-");
        chores = pool("walnut-group-closer-");
        futures = Workers.on(pool("walnut-group-future-"), this::schedule);
        users = Workers.on(pool("walnut-group-user-"), this::schedule);
        meters = Workers.on(pool("walnut-group-meter-"), this::schedule);
        archivers = Workers.on(pool("walnut-group-archiver-"), this::schedule);
        upkeep = Workers.on(pool("walnut-group-upkeep-"), this::schedule);
        ExecutorService givers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                DaemonThreads.IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                factories.apply("walnut-group-giver-"));
        all.add(givers);
        handovers = new Handovers(givers);
    }

    private Executor pool(String prefix) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                DaemonThreads.IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factories.apply(prefix));
        pool.allowCoreThreadTimeOut(true);
        all.add(pool);
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
    public Workers forMeters() {
        return meters;
    }

    @Override
    public Workers forArchivers() {
        return archivers;
    }

    @Override
    public Workers forUpkeep() {
        return upkeep;
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
        all.forEach(ExecutorService::shutdown);
    }
}
