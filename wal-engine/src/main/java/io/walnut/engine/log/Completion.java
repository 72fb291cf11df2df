package io.walnut.engine.log;

import io.walnut.api.WalException.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The future of one append. Made before the append has its place, so that nothing after that has to be allocated. */
final class Completion<T> {
    /** The completion of the next append. Written under the append lock, read by any thread. */
    volatile @Nullable Completion<?> following;

    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final LongFunction<T> result;
    private long place;
    private long endPlace;
    private boolean durable;

    /**
     * Completes with what a function makes of the place of the first record.
     *
     * @param result the value of the future
     */
    Completion(LongFunction<T> result) {
        this.result = result;
    }

    CompletableFuture<T> future() {
        return future;
    }

    /** The append has its place. Under the append lock, before {@link Completions#add}. */
    void placed(long first, long end) {
        place = first;
        endPlace = end;
    }

    /** Decides the outcome if it is known; {@return whether it is} For the thread that forces. */
    boolean settle(ReadableEnd readable, Failure failure) {
        durable = readable.isDurable(endPlace);
        return durable || failure.isFailed();
    }

    boolean isDurable() {
        return durable;
    }

    /** Completes the future with its outcome, and runs what depends on it. Does not throw. */
    void complete(Failure failure) {
        try {
            if (durable) {
                future.complete(result.apply(place));
            } else {
                future.completeExceptionally(failure.exception(Outcome.INDETERMINATE));
            }
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(AppendOutcome.of(e, true)); // so that nothing waits for ever
        }
    }
}
