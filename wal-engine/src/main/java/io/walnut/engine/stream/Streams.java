package io.walnut.engine.stream;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.engine.log.Workers;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The subscriptions to one log. Tells them that there is more to read or that something changed: by their executor, or else
 * from workers, never on the thread that forces, removes or closes.
 */
public final class Streams {
    private final StreamedLog log;
    private final String logName;
    private final Workers workers;
    private final Set<EntrySubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean waking = new AtomicBoolean();

    /** No subscriptions yet to this log of this name. */
    public Streams(StreamedLog log, String logName, Workers workers) {
        this.log = log;
        this.logName = logName;
        this.workers = workers;
    }

    /** {@return a publisher of the entries from a position on, that signals on an executor} */
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options, Executor executor) {
        Objects.requireNonNull(from);
        Objects.requireNonNull(options);
        Objects.requireNonNull(executor);
        return subscriber -> new EntrySubscription(this, log, executor, subscriber, from, options).begin();
    }

    /** {@return how many subscriptions have neither ended nor been cancelled} */
    public int size() {
        return subscriptions.size();
    }

    /** More may be readable. Takes no time on the calling thread. */
    public void moved() {
        if (waking.compareAndSet(false, true)) {
            onWorker(() -> {
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

    void onWorker(Runnable task) {
        Workers.executeOrRun(workers::execute, task);
    }
}
