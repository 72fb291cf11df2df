package io.walnut.tck.wal;

import io.walnut.api.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscriber from which entries are taken by the thread of a rule. */
final class EntryQueue implements Flow.Subscriber<Entry> {
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final AtomicInteger delivered = new AtomicInteger();
    private final long first;
    private final Consumer<Entry> look;

    EntryQueue(long first) {
        this(first, entry -> {});
    }

    EntryQueue(long first, Consumer<Entry> look) {
        this.first = first;
        this.look = look;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        given.request(first);
    }

    @Override
    public void onNext(Entry entry) {
        delivered.incrementAndGet();
        look.accept(entry);
        entries.add(entry);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }

    void request(long n) {
        subscription.join().request(n);
    }

    void cancel() {
        subscription.join().cancel();
    }

    int delivered() {
        return delivered.get();
    }

    /** Waits for so many entries; fails if the stream ends before. */
    List<Entry> take(int count) {
        List<Entry> taken = new ArrayList<>();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (taken.size() < count) {
            Entry entry = poll(end.isDone() ? 0 : 10);
            if (entry != null) {
                taken.add(entry);
            } else if (end.isDone() && entries.isEmpty()) {
                throw new AssertionError("the stream ended after " + delivered + " entries, " + count
                        + " more were awaited: " + end.getNow(null));
            } else if (System.nanoTime() > until) {
                throw new AssertionError("of " + count + " entries only " + taken.size() + " were delivered");
            }
        }
        return taken;
    }

    private @Nullable Entry poll(long millis) {
        try {
            return entries.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits for the end: null if the stream was complete. */
    @Nullable
    Throwable end() {
        try {
            return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException e) {
            throw new AssertionError("the stream did not end", e);
        }
    }
}
