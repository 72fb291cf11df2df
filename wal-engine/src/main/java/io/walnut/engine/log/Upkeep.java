package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.spi.Metrics;
import java.time.Clock;
import java.util.List;
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
            Announcer announcer) {
        RetentionOptions options = parts.options().retention();
        Workers workers = parts.workers().forUsers(); // it waits for forces, as users do
        Clock clock = parts.clock();
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
                catalog,
                appender,
                pruner,
                checkpoints,
                readSide,
                clock,
                telemetry,
                announcer);
        rotation = new AgeRotation(options.segmentAge(), appender, committer, clock, announcer);
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

    private void retain() {
        run(retentionAlarm, () -> {
            archive.run();
            retention.run();
        });
    }

    private void rotate() {
        run(rotationAlarm, rotation::run);
    }

    private void run(Alarm again, Runnable task) {
        running.lock();
        try {
            if (!closed && !failure.isFailed()) {
                task.run();
            }
        } finally {
            running.unlock();
            if (!closed && !failure.isFailed()) {
                again.set();
            }
        }
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
        }
    }

    /** {@return a pause, which has begun} */
    Pause pause() {
        archive.interrupt();
        running.lock();
        archive.resume();
        checkpoints.places().lock();
        return new Pause();
    }

    /** Does nothing more, and waits for what is being done. */
    void stop() {
        closed = true;
        archive.interrupt();
        checkpoints.stop();
        retentionAlarm.close();
        rotationAlarm.close();
        pause().close();
    }
}
