package io.walnut.tck.wal;

import io.walnut.api.Entry;
import java.util.concurrent.Flow;

/** A subscriber and its subscription between two others, in which something can be done wrong. */
class PassingOn implements Flow.Subscriber<Entry>, Flow.Subscription {
    private final Flow.Subscriber<? super Entry> subscriber;
    private volatile Flow.Subscription subscription;

    PassingOn(Flow.Subscriber<? super Entry> subscriber) {
        this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(Entry entry) {
        subscriber.onNext(entry);
    }

    @Override
    public void onError(Throwable failure) {
        subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
        subscriber.onComplete();
    }

    @Override
    public void request(long n) {
        subscription.request(n);
    }

    @Override
    public void cancel() {
        subscription.cancel();
    }
}
