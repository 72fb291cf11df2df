package io.walnut.engine;

import io.walnut.api.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Keeps what it is told, and asks for as much as a test says. */
class Subscriber implements Flow.Subscriber<Entry> {
    final List<Entry> entries = Collections.synchronizedList(new ArrayList<>());

    /** Null when the stream was complete. */
    final CompletableFuture<Throwable> end = new CompletableFuture<>();

    private final long first;
    private Flow.Subscription subscription;

    Subscriber(long first) {
        this.first = first;
    }

    static Subscriber ofAll() {
        return new Subscriber(Long.MAX_VALUE);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (first > 0) {
            given.request(first);
        }
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    @Override
    public void onNext(Entry entry) {
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

    List<Long> sequences() {
        return entries.stream().map(Entry::sequence).toList();
    }
}
