package io.walnut.engine.stream;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.engine.log.Handovers;
import io.walnut.engine.log.Workers;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions to one log. Tells them that there is more to read or that something changed, and waits for none of them:
 * a subscriber is called on its executor or on a thread for users, and a thread that only the same executor's tasks wait for
 * gives it to the executor.
 */
public final class Streams {
    private final StreamedLog log;
    private final String logName;
    private final Workers workers;
    private final Handovers handovers;
    private final Set<EntrySubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean waking = new AtomicBoolean();

    /**
     * No subscriptions yet.
     *
     * @param log what is subscribed to
     * @param logName its name, for messages
     * @param workers wake subscriptions, and call subscribers without an executor on threads for users
     * @param handovers give subscriptions to executors
     */
    public Streams(StreamedLog log, String logName, Workers workers, Handovers handovers) {
        this.log = log;
        this.logName = logName;
        this.workers = workers;
        this.handovers = handovers;
    }

    /** {@return a publisher of the entries from a position on, that signals on an executor; null for threads of the log} */
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options, @Nullable Executor executor) {
        Objects.requireNonNull(from);
        Objects.requireNonNull(options);
        return subscriber -> new EntrySubscription(this, log, executor, subscriber, from, options).begin();
    }

    /** {@return how many subscriptions have neither ended nor been cancelled} */
    public int size() {
        return subscriptions.size();
    }

    /** More may be readable. Takes no time on the calling thread. */
    public void moved() {
        if (waking.compareAndSet(false, true)) {
            Workers.executeOrRun(workers::execute, () -> {
                waking.set(false);
                subscriptions.forEach(EntrySubscription::moved);
            });
        }
    }

    /** Records were removed, at either end: no subscription keeps their files, and those that stand there are told. */
    public void removed() {
        subscriptions.forEach(EntrySubscription::readAnew);
    }

    /** The log has failed or was closed. */
    public void ended() {
        subscriptions.forEach(EntrySubscription::ended);
    }

    /** A subscriber threw: its subscription is over. */
    void failed(Throwable cause) {
        System.getLogger("io.walnut.engine")
                .log(
                        System.Logger.Level.WARNING,
                        "wal.subscriber.failed log=" + logName + ": its subscription is over",
                        cause);
    }

    void add(EntrySubscription subscription) {
        subscriptions.add(subscription);
    }

    void remove(EntrySubscription subscription) {
        subscriptions.remove(subscription);
    }

    Handovers handovers() {
        return handovers;
    }

    /** {@return threads that may call subscribers} */
    Executor users() {
        return workers.forUsers()::execute;
    }

    void onUsersThread(Runnable task) {
        workers.forUsers().executeOrRun(task);
    }
}
