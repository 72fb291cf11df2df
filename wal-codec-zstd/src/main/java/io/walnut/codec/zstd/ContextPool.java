package io.walnut.codec.zstd;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Native contexts between two uses. Making one costs some ten microseconds, several times what a small value takes; one
 * serves a single thread at a time.
 *
 * <p>Never waits: who finds none makes one, and who finds no room closes his. So there are as many as calls are under
 * way, and at most {@link #CAPACITY} when none is, whatever the number of threads and logs.
 *
 * @param <C> the context
 */
final class ContextPool<C> {
    static final int CAPACITY = 2 * Runtime.getRuntime().availableProcessors();

    private final BlockingQueue<C> idle = new ArrayBlockingQueue<>(CAPACITY);
    private final Supplier<C> factory;
    private final Consumer<C> closer;

    ContextPool(Supplier<C> factory, Consumer<C> closer) {
        this.factory = factory;
        this.closer = closer;
    }

    C take() {
        C context = idle.poll();
        return context == null ? factory.get() : context;
    }

    void giveBack(C context, boolean reusable) {
        if (!reusable || !idle.offer(context)) {
            closer.accept(context);
        }
    }
}
