package io.walnut.engine;

import io.walnut.engine.log.Workers;

/** Workers that run everything on the thread that asks; what becomes of timers is up to a test. */
@FunctionalInterface
public interface AtOnce extends Workers {
    @Override
    default void execute(Runnable task) {
        task.run();
    }
}
