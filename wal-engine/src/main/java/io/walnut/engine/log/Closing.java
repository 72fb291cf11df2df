package io.walnut.engine.log;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Something that is closed once, by whoever comes first; others wait until that is over. */
public final class Closing {
    private final AtomicReference<@Nullable CompletableFuture<Void>> begun = new AtomicReference<>();

    /** Nothing was closed yet. */
    public Closing() {}

    /** {@return whether closing has begun} */
    public boolean hasBegun() {
        return begun.get() != null;
    }

    /** Closes, or waits until somebody else has; only who closes is told what goes wrong. */
    public void once(Runnable close) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> first = begun.compareAndExchange(null, mine);
        if (first != null) {
            first.join();
            return;
        }
        try {
            close.run();
        } finally {
            mine.complete(null);
        }
    }
}
