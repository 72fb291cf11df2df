package io.walnut.engine.log;

import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalFailedException;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Metrics;
import io.walnut.spi.StorageLock;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes appended bytes durable. One force runs at a time, and never under the append lock. Who waits alone forces by
 * itself; with company, one worker forces for all who wait and wakes them together.
 */
final class Committer {
    private static final long NOT_ARMED = Long.MAX_VALUE;
    private static final long COMPANY_NANOS = 50_000;
    private static final int FREE = 0;
    private static final int HANDED = 1;
    private static final int HELD = 2;

    private final Appender appender;
    private final Sealer sealer;
    private final Failure failure;
    private final StorageLock directoryLock;
    private final String location;
    private final WitnessFile witness;
    private final Workers workers;
    private final Completions completions;
    private final FsyncStrategy strategy;
    private final Telemetry telemetry;
    private final Clock clock;
    private final LongAdder fsyncs;
    private final LongAdder backPressureWaits;
    private final Stalls stalls;
    private final long maxUnsyncedBytes;
    private long forcedRecords;
    private final ReadableEnd readable;
    private final Drain drain;

    /** {@link #FREE}, {@link #HANDED} to a worker that has not begun, or {@link #HELD} by the thread that forces. */
    private final AtomicInteger forcing = new AtomicInteger(FREE);

    /** Threads that wait for a force that begins from now on. */
    private final CommitQueue waiting = new CommitQueue();

    /** Threads that wait for any force to end, because too much is not forced. */
    private final CommitQueue space = new CommitQueue();

    /** Whether a force is wanted that no thread waits for. */
    private volatile boolean wanted;

    /** Belongs to the thread that forces. */
    private final Snapshot snapshot = new Snapshot();

    // made once: where memory is short, a force must still be handed on
    private final Runnable serveAll = this::serveAll;
    private final Runnable forceSoon = this::forceSoon;
    private final AtomicLong armedWindow = new AtomicLong(NOT_ARMED);
    private volatile boolean strategyFailed;

    /** Nothing was appended since the last force, so that the lock may have been lost long ago. */
    private volatile boolean lockDue = true;

    Committer(
            Appender appender,
            Drain drain,
            Sealer sealer,
            Failure failure,
            StorageLock directoryLock,
            String location,
            WitnessFile witness,
            Workers workers,
            Completions completions,
            LogOptions options,
            Telemetry telemetry,
            Clock clock,
            ReadableEnd readable) {
        this.appender = appender;
        this.sealer = sealer;
        this.failure = failure;
        this.directoryLock = directoryLock;
        this.location = location;
        this.witness = witness;
        this.workers = workers;
        this.completions = completions;
        this.strategy = options.fsync();
        this.drain = drain;
        this.telemetry = telemetry;
        this.clock = clock;
        this.fsyncs = telemetry.counter(Metrics.FSYNCS);
        this.backPressureWaits = telemetry.counter(Metrics.BACK_PRESSURE_WAITS);
        this.readable = readable;
        this.maxUnsyncedBytes = options.maxUnsyncedBytes();
        this.stalls = new Stalls(WalEvent.Stalled.Cause.BACK_PRESSURE, telemetry, clock, appender::recordsEnd);
    }

    /** Stops the log if another writer has it, before the first byte after a force can harm what that one wrote. */
    void checkLock() {
        if (lockDue) {
            StackProbe.deeply();
            failure.failIfLost(directoryLock, location);
            lockDue = false;
        }
    }

    /** Does what the policy says about an append; returns when the append may. */
    void settle(AppendBuffer buffer) {
        long within = ask(buffer);
        if (within <= FsyncStrategy.NOW) {
            awaitDurable(buffer.endPlace);
        } else {
            inKernel(buffer.endPlace);
            forceOrDrainWithin(within);
        }
    }

    private void forceOrDrainWithin(long within) {
        if (within < FsyncStrategy.NOT_BY_ITSELF) {
            forceWithin(within);
        } else {
            drain.later();
        }
    }

    /** As {@link #settle}, but returns at once: the append is in the kernel. */
    void settleInKernel(AppendBuffer buffer) {
        inKernel(buffer.endPlace);
        long within = ask(buffer);
        if (within > FsyncStrategy.NOW) {
            forceOrDrainWithin(within);
        }
    }

    private void inKernel(long place) {
        if (!appender.stageSurvives()) {
            drain.to(place);
        }
        readable.acknowledged(place);
    }

    private long ask(AppendBuffer buffer) {
        try {
            return strategy.forceWithinNanos(buffer.pendingBytes, buffer.size());
        } catch (Throwable e) {
            if (!strategyFailed) {
                strategyFailed = true;
                System.getLogger("io.walnut.engine")
                        .log(
                                System.Logger.Level.WARNING,
                                "wal.fsync.strategy.failed log=" + telemetry.logName()
                                        + ": forcing at once whenever it fails; told once",
                                e);
            }
            return FsyncStrategy.NOW;
        }
    }

    /** Waits until everything before a place is on the device. */
    void awaitDurable(long place) {
        while (!readable.isDurable(place)) {
            if (failure.isFailed()) {
                throw failure.exception(Outcome.INDETERMINATE);
            }
            awaitForced(place);
        }
    }

    /** As {@link #awaitDurable}, for whoever appended nothing: there is no outcome to tell. */
    void sync(long place) {
        try {
            awaitDurable(place);
        } catch (WalFailedException e) {
            throw failure.exception(Outcome.NONE);
        }
    }

    /** Takes part in one force; afterwards a place is on the device, or the log has failed. */
    private void awaitForced(long place) {
        StackProbe.deeply();
        if (!isWanted() && forcing.compareAndSet(FREE, HELD)) {
            try {
                if (!readable.isDurable(place)) {
                    force();
                }
            } finally {
                release();
            }
            return;
        }
        forceNow();
    }

    /** Requests a force for an append whose completion the appender has added. */
    void forceCompletion() {
        wanted = true;
        serve();
    }

    /** Forces in the background within a time. */
    private void forceWithin(long nanos) {
        long armed = armedWindow.get();
        if (armed <= nanos) {
            return;
        }
        StackProbe.deeply(); // or nobody would ring
        if (!armedWindow.compareAndSet(armed, nanos)) {
            return;
        }
        try {
            workers.schedule(forceSoon, nanos);
        } catch (RuntimeException | Error e) {
            forceSoon();
        }
    }

    /**
     * Requests a force by a worker of everything that is appended now; after a failure it wakes the waiters. Does not pile
     * up, however often it is called.
     */
    void forceSoon() {
        armedWindow.set(NOT_ARMED);
        wanted = true;
        serve();
    }

    /** Forces everything that is appended now, and waits for it. Does not throw when that fails. */
    void forceNow() {
        CommitQueue.Waiter me = new CommitQueue.Waiter();
        waiting.join(me);
        serve();
        me.await();
    }

    /** Does something while nothing is forced. */
    void alone(Runnable action) {
        while (!forcing.compareAndSet(FREE, HELD)) {
            forceNow();
        }
        try {
            action.run();
        } finally {
            release();
        }
    }

    private boolean isWanted() {
        return wanted || !waiting.isEmpty();
    }

    /** Hands the force to a worker, if one is wanted and none is under way. Allocates nothing once it is taken. */
    private void serve() {
        if (!isWanted()) {
            return;
        }
        StackProbe.deeply();
        if (forcing.compareAndSet(FREE, HANDED)) {
            try {
                workers.execute(serveAll);
            } catch (RuntimeException | Error e) { // no thread to be had
                serveAll();
            }
        }
    }

    /** Runs as a worker's task; where the workers took it and threw all the same, the second run finds nothing to do. */
    private void serveAll() {
        if (!forcing.compareAndSet(HANDED, HELD)) {
            return;
        }
        do {
            do {
                wanted = false;
                CommitQueue.Waiter taken = waiting.take();
                force();
                int served = CommitQueue.wake(taken);
                if (served > 1) {
                    awaitCompany(served);
                }
            } while (isWanted());
            forcing.set(FREE);
        } while (isWanted() && forcing.compareAndSet(FREE, HELD));
        completions.askOrComplete();
    }

    /**
     * Who was just served in company will soon be back: one force for all of them, not one for the first. Of many it waits
     * for a few only; the others come while that force is under way.
     */
    @SuppressWarnings("ThreadPriorityCheck") // giving way is the point: those who come need the processor
    private void awaitCompany(int served) {
        long start = System.nanoTime();
        int expected = Math.min(served, CommitQueue.FEW);
        while (waiting.size() < expected && System.nanoTime() - start < COMPANY_NANOS) {
            Thread.yield();
        }
    }

    private void release() {
        forcing.set(FREE);
        serve();
        completions.askOrComplete();
    }

    /**
     * Forces everything that is appended now. Only for the thread that has {@link #forcing}. Does not throw: whatever goes
     * wrong, a lack of memory too, stops the log, so that all who wait learn of it.
     */
    private void force() {
        try {
            forceAll();
        } catch (IOException | RuntimeException | Error e) {
            failure.fail(e);
        } finally {
            snapshot.clear();
            completions.settle(readable);
            completions.ask();
            CommitQueue.wake(space.take());
        }
    }

    private void forceAll() throws IOException {
        if (failure.isFailed()) {
            return;
        }
        appender.snapshot(snapshot);
        long before = readable.durable();
        if (snapshot.isForced()) {
            failure.failIfLost(directoryLock, location); // what follows may delete or seal
            if (failure.isFailed()) {
                return;
            }
            readable.forced(snapshot.recordsEnd());
            return;
        }
        long start = System.nanoTime();
        ActiveSegment active = snapshot.active();
        drain.beforeForce(snapshot.chainEnd());
        if (active != null) {
            force(active); // first: it grows meanwhile
        }
        for (int i = 0; i < snapshot.finished().size(); i++) {
            force(snapshot.finished().get(i));
        }
        failure.failIfLost(directoryLock, location); // after the force: nothing is acknowledged beside another writer
        if (failure.isFailed()) {
            return;
        }
        lockDue = true;
        long nanos = System.nanoTime() - start;
        long bytes = appender.forced(snapshot);
        witness.note(Place.segment(snapshot.chainEnd()), Place.offset(snapshot.chainEnd()), snapshot.lastCheck());
        readable.forced(snapshot.recordsEnd());
        for (int i = 0; i < snapshot.finished().size(); i++) {
            ActiveSegment segment = snapshot.finished().get(i);
            sealer.seal(segment, Place.segment(snapshot.chainEnd()) > segment.segment.number());
        }
        if (snapshot.recordsEnd() > before) {
            long records = snapshot.records() - forcedRecords;
            forcedRecords = snapshot.records();
            tellForced(records, bytes, nanos);
        }
    }

    private void tellForced(long records, long bytes, long nanos) {
        try {
            telemetry.forced(
                    records,
                    () -> new WalEvent.Fsynced(
                            clock.instant(), Place.position(snapshot.recordsEnd()), bytes, Duration.ofNanos(nanos)));
        } catch (OutOfMemoryError e) {
            // the meter misses a force, the log misses nothing
        }
    }

    private void force(ActiveSegment segment) throws IOException {
        segment.file.force();
        fsyncs.increment();
    }

    void countBackPressure(boolean again) {
        if (!again) {
            backPressureWaits.increment();
        }
        stalls.warn(appender.unsyncedBytes(), maxUnsyncedBytes);
    }

    /**
     * Waits until a force ends, be it one that is under way, because too much is not forced.
     *
     * @param deadline until when, the greatest long for as long as it takes
     * @return false if the time is over
     */
    boolean awaitSpace(long deadline) {
        long start = System.nanoTime();
        try {
            CommitQueue.Waiter me = new CommitQueue.Waiter();
            space.join(me);
            forceSoon(); // the one that is under way may have ended before
            if (deadline < Long.MAX_VALUE) {
                return me.awaitUntil(deadline);
            }
            me.await();
            return true;
        } finally {
            stalls.waited(System.nanoTime() - start);
        }
    }
}
