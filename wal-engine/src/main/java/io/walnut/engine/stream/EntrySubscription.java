package io.walnut.engine.stream;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import io.walnut.engine.log.Handover;
import io.walnut.engine.log.Handovers;
import io.walnut.engine.log.Place;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber with a reader of its own. Whatever happens is counted as a signal; the first of several has the
 * subscription run on the executor, and it runs until none is left. Otherwise it holds no thread.
 */
final class EntrySubscription implements Flow.Subscription {
    /** After so many entries others get their turn on the executor. */
    private static final int TURN = 256;

    private static final long NEVER = -1;

    private final Streams streams;
    private final StreamedLog log;

    /** Calls the subscriber; null for threads of the log. */
    private final @Nullable Executor executor;

    private final ReadOptions options;
    private final AtomicInteger signals = new AtomicInteger(1); // until onSubscribe has returned
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicBoolean stale = new AtomicBoolean();
    private volatile long waitingAt;
    private volatile boolean illegal;
    private volatile boolean cancelled;
    private volatile boolean over;

    private Flow.@Nullable Subscriber<? super Entry> subscriber;
    private @Nullable WalReader reader;
    private Position next;

    /** Where the reader got beyond {@link #next} without a record to deliver. */
    private Position skippedTo;

    private boolean opened;
    private long seenEnd = NEVER;

    EntrySubscription(
            Streams streams,
            StreamedLog log,
            @Nullable Executor executor,
            Flow.Subscriber<? super Entry> subscriber,
            Position from,
            ReadOptions options) {
        this.streams = streams;
        this.log = log;
        this.executor = executor;
        this.subscriber = Objects.requireNonNull(subscriber);
        this.next = from;
        this.skippedTo = from;
        this.options = options;
    }

    void begin() {
        streams.add(this);
        call(each -> each.onSubscribe(this));
        handOver(true);
    }

    @Override
    public void request(long n) {
        if (cancelled) {
            return; // what may be about to be delivered must find no new demand
        }
        if (n > 0) {
            demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
        } else {
            illegal = true;
        }
        signal(true);
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (!over && signals.getAndIncrement() == 0) {
            release();
        }
    }

    private void signal(boolean here) {
        if (!over && signals.getAndIncrement() == 0) {
            handOver(here);
        }
    }

    /** The log has failed or was closed. */
    void ended() {
        signal(false);
    }

    /** More may be readable. */
    void moved() {
        if (waiting.get() && log.readableEnd(options.durableOnly()) > waitingAt) {
            signal(false);
        }
    }

    /** What it reads may not be there any more. */
    void readAnew() {
        stale.set(true);
        signal(false);
    }

    /** Has it run on the executor; on the calling thread, which then may wait for the executor, only if that is the user's. */
    private void handOver(boolean here) {
        if (executor == null) {
            if (!isTakenByOwn()) {
                run(true);
            }
        } else if (here) {
            handOverHere(executor, true);
        } else {
            handOverLater(executor);
        }
    }

    private boolean isTakenByOwn() {
        try {
            return Handover.give(() -> run(false), streams.users());
        } catch (RuntimeException | OutOfMemoryError e) {
            return false; // no thread to be had
        }
    }

    private void handOverHere(Executor given, boolean here) {
        boolean taken;
        try {
            taken = Handover.give(() -> run(false), given);
        } catch (Throwable e) {
            refused(e);
            return;
        }
        if (!taken && here) {
            run(true);
        } else if (!taken) {
            streams.onUsersThread(() -> run(true));
        }
    }

    private void handOverLater(Executor given) {
        try {
            streams.handovers().give(new Turn(), given);
        } catch (RuntimeException | Error e) {
            streams.onUsersThread(() -> handOverHere(given, false)); // no thread to be had
        }
    }

    /** One run on the executor. */
    private final class Turn implements Handovers.Task {
        @Override
        public void run() {
            EntrySubscription.this.run(false);
        }

        @Override
        public void handed(boolean taken, @Nullable Throwable why) {
            if (why != null) {
                refused(why);
            } else if (!taken) {
                streams.onUsersThread(() -> EntrySubscription.this.run(true));
            }
        }
    }

    private void refused(Throwable why) {
        streams.onUsersThread(() -> end(new WalException(
                Reason.PLUGIN, Outcome.NONE, "the executor of a subscription refused to call it: " + why, why)));
    }

    /**
     * Runs until no signal is left.
     *
     * @param here whether the executor would run it at once, so that it goes on here; otherwise others get their turn
     */
    private void run(boolean here) {
        int seen = signals.get();
        while (true) {
            notWaiting();
            if (deliver()) {
                if (over) {
                    return;
                }
                seen = signals.addAndGet(-seen);
                if (seen == 0) {
                    return;
                }
            } else if (!here && executor != null) {
                handOverLater(executor); // giving it here could wait for this very thread
                return;
            } else if (executor == null && isTakenByOwn()) {
                return;
            }
        }
    }

    /** {@return false if there is more to do, in another turn} */
    private boolean deliver() {
        for (int left = TURN; ; left--) {
            if (cancelled) {
                release();
                return true;
            }
            if (illegal) {
                end(new IllegalArgumentException("a subscriber has to request more than nothing (rule 3.9)"));
                return true;
            }
            if (left == 0) {
                return false;
            }
            try {
                if (!deliverOne()) {
                    return true;
                }
            } catch (RuntimeException | Error e) {
                if (log.state() != WalState.CLOSED && !goesBack(e)) {
                    end(e);
                    return true;
                }
            }
        }
    }

    /** {@return whether only what was skipped is gone, as by a truncation, so that nothing is missed from {@link #next} on} */
    private boolean goesBack(Throwable failure) {
        if (!(failure instanceof PositionUnavailableException) || skippedTo.equals(next)) {
            return false;
        }
        closeReader();
        skippedTo = next;
        return true;
    }

    /** {@return false if there is nothing to do until the next signal} */
    private boolean deliverOne() {
        if (log.state() == WalState.CLOSED) {
            end(
                    hasAll()
                            ? log.failed()
                            : new WalClosedException("the log was closed before " + next + " was delivered"));
            return false;
        }
        boolean ended = !log.grows() || log.failed() != null;
        long end = log.readableEnd(options.durableOnly());
        WalReader from = reader(end);
        if (demand.get() == 0) {
            if (ended && hasAll()) {
                end(log.failed());
            }
            return false;
        }
        if (from != null && from.next()) {
            Entry entry = from.entry();
            next = from.nextPosition();
            skippedTo = next;
            demand.getAndUpdate(before -> before == Long.MAX_VALUE ? before : before - 1);
            call(each -> each.onNext(entry));
            return true;
        }
        if (from != null) {
            skippedTo = from.nextPosition();
        }
        seenEnd = end;
        if (ended) {
            end(log.failed());
            return false;
        }
        return !waitBeyond(end);
    }

    /** {@return the reader; null if its position is acknowledged, but not durable yet} */
    private @Nullable WalReader reader(long end) {
        if (stale.getAndSet(false)) {
            closeReader();
        }
        if (reader == null) {
            long place = Place.of(skippedTo);
            if (place > end && place <= log.readableEnd(false)) {
                return null;
            }
            reader = log.open(skippedTo, options);
            opened = true;
        }
        return reader;
    }

    private boolean hasAll() {
        long end = log.readableEnd(options.durableOnly());
        return opened && (Place.of(next) >= end || seenEnd == end || log.start().equals(Place.position(end)));
    }

    /** {@return whether there is still nothing beyond a place: then {@link #moved} will tell} */
    private boolean waitBeyond(long end) {
        waitingAt = end;
        waiting.set(true);
        log.waits(options.durableOnly());
        return log.readableEnd(options.durableOnly()) <= end;
    }

    private void notWaiting() {
        if (waiting.getAndSet(false)) {
            log.waitedFor(options.durableOnly());
        }
    }

    private interface Call {
        void on(Flow.Subscriber<? super Entry> subscriber);
    }

    private void call(Call call) {
        Flow.Subscriber<? super Entry> called = subscriber;
        if (called != null) {
            try {
                call.on(called);
            } catch (Throwable e) {
                cancelled = true;
                streams.failed(e);
            }
        }
    }

    private void end(@Nullable Throwable failure) {
        Flow.Subscriber<? super Entry> last = subscriber;
        release();
        if (last != null) {
            try {
                if (failure == null) {
                    last.onComplete();
                } else {
                    last.onError(failure);
                }
            } catch (Throwable e) {
                streams.failed(e);
            }
        }
    }

    private void release() {
        over = true;
        notWaiting();
        streams.remove(this);
        closeReader();
        subscriber = null;
    }

    private void closeReader() {
        WalReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
