package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that is closed once, by whoever comes first; others wait until that is over, but for what the closing thread
 * itself calls meanwhile: that goes on at once.
 */
public final class Closing {
    private final AtomicReference<@Nullable Begun> begun = new AtomicReference<>();

    private static final class Begun {
        private final Thread by = Thread.currentThread();
        private final Gate over = new Gate();
    }

    /** Nothing was closed yet. */
    public Closing() {}

    /** {@return whether closing has begun} */
    public boolean hasBegun() {
        return begun.get() != null;
    }

    /** Closes, or waits until somebody else has; only who closes is told what goes wrong. */
    @SuppressWarnings("ReferenceEquality") // a thread is what it is
    public void once(Runnable close) {
        Begun mine = new Begun();
        Begun first = begun.compareAndExchange(null, mine);
        if (first == null) {
            try {
                close.run();
            } finally {
                mine.over.open();
            }
        } else if (first.by != Thread.currentThread()) {
            first.over.await();
        }
    }
}
