package io.walnut.engine.log;

import io.walnut.api.WalException.Outcome;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is staged to the segments, in order, by one thread at a time: a worker while appends are frequent, and
 * whoever needs something in the file. The order of a step: the frames are written, then noted, then their place is free.
 * So at every instant each frame that was staged is in the file, or in the ring behind the note.
 */
final class Drain {
    private static final long LINGER_NANOS = 100_000;
    private static final int LINGERS = 20;
    private static final long LATER_NANOS = 10_000_000;
    private static final int MANY_PIECES = 16; // in a row: a ring that is used so much may be larger
    private static final int LARGE_APPENDS = 64; // so many that are too large for the stage are worth a larger one

    private final Appender appender;
    private final Stage stage;
    private final Failure failure;
    private final StorageLock directoryLock;
    private final String location;
    private final Workers workers;
    private final StageFile file;
    private final StampClock stamps;
    private final ReentrantLock draining = new ReentrantLock();
    private final AtomicBoolean working = new AtomicBoolean();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Runnable work = this::work; // made once: a lack of memory must not keep it from running
    private final Runnable laterWork = this::workLater;
    private @Nullable StageMemory larger;
    private final AtomicInteger large = new AtomicInteger();
    private volatile boolean tooSmall; // noted without a lock: if one note is lost, another one comes
    private boolean over;

    Drain(
            Appender appender,
            Failure failure,
            StorageLock directoryLock,
            String location,
            Workers workers,
            StageFile file,
            StampClock stamps) {
        this.appender = appender;
        this.stage = appender.stage();
        this.failure = failure;
        this.directoryLock = directoryLock;
        this.location = location;
        this.workers = workers;
        this.file = file;
        this.stamps = stamps;
    }

    /** Writes everything before a place to the segments. Fails if the log has failed, or does by that. */
    void to(long place) {
        if (stage.drainedEnd() < place) {
            StackProbe.deeply();
            beforeForce(place);
        }
    }

    /** As {@link #to}, for the thread that forces, which has made sure of its stack. */
    void beforeForce(long place) {
        draining.lock();
        try {
            boolean more = true;
            while (more && stage.drainedEnd() < place) {
                checkFailed();
                more = step();
            }
            if (stage.drainedEnd() < place && !over) {
                throw new IllegalStateException("the stage has nothing up to " + Place.position(place));
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.fail(e);
        } finally {
            draining.unlock();
        }
        checkFailed();
    }

    private void checkFailed() {
        if (failure.isFailed()) {
            throw failure.exception(Outcome.INDETERMINATE);
        }
    }

    /** Makes room for an append that finds the stage too full, or that needs everything before it in the file. */
    void makeRoom(int appendBytes) {
        if (appender.isStaged(appendBytes)) {
            growLater();
            drainOne();
        } else {
            if (large.incrementAndGet() % LARGE_APPENDS == 0) {
                growLater();
            }
            to(appender.tailEnd());
        }
    }

    private void growLater() {
        tooSmall = true;
        pieceIsFull();
    }

    private boolean drainOne() {
        StackProbe.deeply();
        draining.lock();
        try {
            checkFailed();
            return step();
        } catch (IOException | RuntimeException | Error e) {
            failure.fail(e);
            throw failure.exception(Outcome.INDETERMINATE);
        } finally {
            draining.unlock();
        }
    }

    /** There is a piece to be drained: by a worker, and by the caller too if that lags. */
    void pieceIsFull() {
        if (!working.get() && working.compareAndSet(false, true)) {
            try {
                workers.execute(work);
            } catch (RuntimeException | Error e) { // no thread to be had
                working.set(false);
                drainOne();
            }
        } else if (appender.isStageFilling() && !draining.isLocked()) {
            drainOne();
        }
    }

    /** Has what is staged drained some time after the last append, if nobody else does. */
    void later() {
        if (armed.get() || !armed.compareAndSet(false, true)) {
            return;
        }
        try {
            workers.schedule(laterWork, LATER_NANOS);
        } catch (RuntimeException | Error e) {
            armed.set(false); // the next append tries again
        }
    }

    private void workLater() {
        armed.set(false);
        if (working.compareAndSet(false, true)) {
            work();
        }
    }

    /** Drains pieces as they become full, and the rest once no more come. */
    private void work() {
        try {
            failure.failIfLost(directoryLock, location); // before anything is written beside another writer
            int pieces = 0;
            for (int idle = 0; idle < LINGERS && !failure.isFailed(); idle++) {
                while (!failure.isFailed() && stage.hasPiece() && drainOne()) {
                    stamps.tick();
                    idle = 0;
                    pieces++;
                }
                tooSmall |= pieces >= MANY_PIECES;
                grow();
                stamps.tick();
                LockSupport.parkNanos(LINGER_NANOS);
            }
            stamps.rest();
            if (!failure.isFailed()) {
                to(appender.tailEnd());
            }
        } catch (RuntimeException | Error e) {
            failure.fail(e);
        } finally {
            stamps.rest();
            working.set(false);
        }
    }

    /** Prepares a larger ring, if the one that is there turned out to be too small. */
    private void grow() {
        StageMemory current = stage.memory();
        if (!tooSmall || current == null) {
            return;
        }
        tooSmall = false;
        StageMemory made = file.larger(current);
        if (made == null) {
            return;
        }
        draining.lock();
        try {
            if (larger != null) {
                larger.close();
            }
            larger = made;
        } finally {
            draining.unlock();
        }
    }

    /** {@return whether something was drained} Under the lock of draining. */
    private boolean step() throws IOException {
        if (!stage.hasPiece()) {
            appender.endPiece();
        }
        Stage.Boundary next = over ? null : stage.next();
        if (next == null) {
            return false;
        }
        stage.drain(next);
        StageMemory before = stage.memory();
        if (larger != null && before != null && appender.growStage(larger)) {
            larger = null;
            before.close();
        }
        return true;
    }

    /** Drains nothing more, and gives the memory up. */
    void close() {
        draining.lock();
        try {
            over = true;
            if (larger != null) {
                larger.close();
                larger = null;
            }
            StageMemory last = appender.takeStage();
            if (last != null) {
                last.close();
            }
            file.close();
        } finally {
            draining.unlock();
        }
    }
}
