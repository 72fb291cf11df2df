package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.spi.Metrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** What a log does in the background beside appending: rotation by age, archiving, retention; each by its own alarm. */
final class Upkeep {
    private final Archive archive;
    private final Retention retention;
    private final AgeRotation rotation;
    private final EngineCheckpoints checkpoints;
    private final Failure failure;
    private final Alarm retentionAlarm;
    private final Alarm rotationAlarm;
    private final Workers workers;
    private final Workers archivers;
    private final AtomicBoolean archiving = new AtomicBoolean();

    /** Held while the archiver works, which may take any time: only a truncation waits for it. */
    private final ReentrantLock archiver = new ReentrantLock();

    /** Held while anything else is done. */
    private final ReentrantLock running = new ReentrantLock();

    private volatile boolean closed;

    Upkeep(
            EngineWal.Parts parts,
            SegmentCatalog catalog,
            Tail tail,
            Appender appender,
            Committer committer,
            Sealer sealer,
            Pruner pruner,
            ReadSide readSide,
            Failure failure,
            Telemetry telemetry,
            Announcer announcer,
            SegmentAges ages) {
        RetentionOptions options = parts.options().retention();
        workers = parts.workers().forUpkeep();
        archivers = parts.workers().forArchivers();
        this.failure = failure;
        checkpoints = new EngineCheckpoints(
                new CheckpointFile(parts.storage(), parts.checkpoints(), parts.state(), failure),
                parts.checkpoints().within(catalog.all(), Place.position(tail.recordsEnd())),
                committer,
                readSide,
                failure,
                telemetry,
                announcer,
                workers,
                options.checkpointInterval().toNanos());
        Segment continuable = tail.closed() ? catalog.atOrAfter(tail.segment()) : null;
        archive =
                new Archive(parts, catalog, continuable, committer, sealer, failure, checkpoints, telemetry, announcer);
        retention = new Retention(
                new RetentionRules(options, archive.isOn()),
                ages,
                catalog,
                appender,
                pruner,
                checkpoints,
                readSide,
                telemetry,
                announcer);
        rotation =
                new AgeRotation(options.segmentAge(), appender, committer, ages, parts.workers()::nanoTime, announcer);
        retentionAlarm = new Alarm(workers, options.interval().toNanos(), this::retain);
        rotationAlarm = new Alarm(workers, AgeRotation.lookEveryNanos(options.segmentAge()), this::rotate);
        telemetry.pullEach(
                Metrics.CHECKPOINT_LAG,
                target -> checkpoints
                        .snapshot()
                        .forEach((name, position) ->
                                target.value(appender.segments().contentBytesBehind(position), List.of(name))));
    }

    /** Begins. */
    void start(RetentionOptions options) {
        if (options.deletes() || archive.isOn()) {
            retentionAlarm.set();
        }
        if (!options.segmentAge().isZero()) {
            rotationAlarm.set();
        }
    }

    EngineCheckpoints checkpoints() {
        return checkpoints;
    }

    /** Archives, and then deletes; while the archiver is busy with what an earlier look gave it, deletes only. */
    private void retain() {
        if (archive.isOn() && archiving.compareAndSet(false, true)) {
            retentionAlarm.set(); // the archiver may take long
            try {
                archivers.execute(this::archive);
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                archiving.set(false); // no thread to be had: the next look tries again
            }
        }
        delete();
    }

    private void archive() {
        try {
            archiver.lock();
            try {
                if (isOpen()) {
                    archive.run();
                }
            } finally {
                archiver.unlock();
            }
        } finally {
            archiving.set(false);
            Workers.executeOrRun(workers::execute, this::delete);
        }
    }

    private void delete() {
        run(retentionAlarm, retention::run);
    }

    private void rotate() {
        run(rotationAlarm, rotation::run);
    }

    private void run(Alarm again, Runnable task) {
        running.lock();
        try {
            if (isOpen()) {
                task.run();
            }
        } finally {
            running.unlock();
            if (isOpen()) {
                again.set();
            }
        }
    }

    private boolean isOpen() {
        return !closed && !failure.isFailed();
    }

    /** While it lasts nothing is done, and no checkpoint saved; an archiver that reads is cut short. */
    final class Pause implements AutoCloseable {
        private Pause() {}

        /** The log was cut off at a place. */
        void cutOff(Position end) {
            checkpoints.cutOff(end);
        }

        @Override
        public void close() {
            checkpoints.places().unlock();
            running.unlock();
            archiver.unlock();
        }
    }

    /** {@return a pause, which has begun} */
    Pause pause() {
        archive.interrupt();
        archiver.lock();
        running.lock();
        archive.resume();
        checkpoints.places().lock();
        return new Pause();
    }

    /** Does nothing more, and waits for what is being done, but for no archiver: that cannot read any more. */
    void stop() {
        closed = true;
        archive.interrupt();
        retentionAlarm.close();
        rotationAlarm.close();
        running.lock();
        try {
            checkpoints.stop();
        } finally {
            running.unlock();
        }
    }
}
