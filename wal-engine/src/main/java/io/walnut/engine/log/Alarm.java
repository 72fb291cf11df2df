package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task on a worker after a time. One run is planned at a time. What has been planned cannot be taken back, but
 * after {@link #close} it does nothing, and keeps nothing alive.
 */
public final class Alarm {
    private static final long RETRY_NANOS = 1_000_000;

    private final Workers workers;
    private final long nanos;
    private final Runnable task;
    private final AtomicReference<@Nullable Shot> planned = new AtomicReference<>();
    private volatile boolean closed;

    /**
     * Nothing is planned yet.
     *
     * @param workers run the task, and tell when it is time
     * @param nanos after what time
     */
    public Alarm(Workers workers, long nanos, Runnable task) {
        this.workers = workers;
        this.nanos = nanos;
        this.task = task;
    }

    private static final class Shot implements Runnable {
        private volatile @Nullable Alarm alarm;

        Shot(Alarm alarm) {
            this.alarm = alarm;
        }

        @Override
        public void run() {
            Alarm due = alarm;
            if (due != null) {
                due.ring(this);
            }
        }
    }

    /** Plans a run, unless one is planned. */
    public void set() {
        plan(new Shot(this)); // without a timer to be had, the next call tries again
    }

    private boolean plan(Shot shot) {
        if (!closed && planned.compareAndSet(null, shot)) {
            try {
                workers.schedule(shot, nanos);
            } catch (RuntimeException | Error e) {
                planned.compareAndSet(shot, null);
                return false;
            }
        }
        return true;
    }

    private void ring(Shot shot) {
        planned.compareAndSet(shot, null);
        while (!closed) {
            try {
                workers.execute(task);
                return;
            } catch (RuntimeException e) {
                return; // the workers have ended
            } catch (Error e) {
                if (plan(shot)) {
                    return;
                }
                LockSupport.parkNanos(RETRY_NANOS); // no memory for a thread, nor for a timer: both will come back
            }
        }
    }

    /** Plans nothing any more. What runs already goes on. */
    public void close() {
        closed = true;
        Shot shot = planned.getAndSet(null);
        if (shot != null) {
            shot.alarm = null;
        }
    }
}
