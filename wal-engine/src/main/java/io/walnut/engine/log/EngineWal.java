package io.walnut.engine.log;

import io.walnut.api.Capability;
import io.walnut.api.Checkpoints;
import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecoveryReport;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.LogState;
import io.walnut.engine.read.PositionFinder;
import io.walnut.engine.storage.FileOptions;
import io.walnut.spi.Meter;
import io.walnut.spi.Metrics;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The log that appends, reads and deletes: it ties the parts together and adds nothing of its own to an append. */
public final class EngineWal implements Wal {
    private final Storage storage;
    private final StateFile state;
    private final SegmentCatalog catalog;
    private final FileOptions files;
    private final StorageLock directoryLock;
    private final RecoveryReport report;
    private final WitnessFile witness;
    private final Telemetry telemetry;
    private final Failure failure = new Failure();
    private final AppendBuffers buffers;
    private final RecordEncoder encoder;
    private final Appender appender;
    private final Patience patience;
    private final AppendLoop loop;
    private final Sealer sealer;
    private final ReadableEnd readable;
    private final Drain drain;
    private final StageFile stageFile;
    private final Committer committer;
    private final SpaceKeeper space;
    private final Announcer announcer;
    private final ReadSide readSide;
    private final Pruner pruner;
    private final SegmentAges ages;
    private final Upkeep upkeep;
    private final Truncator truncator;
    private final StreamedValues streamed;

    /** Held while the set of segments is made smaller, or the log is closed. */
    private final ReentrantLock shrinking = new ReentrantLock();

    private final Closing closing = new Closing();
    private final AppendFailures appendFailures;
    private final int appendSample;

    /**
     * A log that has been recovered.
     *
     * @param parts what it is made of
     * @param catalog the segments that recovery found
     * @param tail where appending goes on
     * @param report what recovery found
     */
    public EngineWal(Parts parts, SegmentCatalog catalog, Tail tail, RecoveryReport report) {
        this.storage = parts.storage();
        this.state = parts.state();
        this.catalog = catalog;
        this.files = parts.files();
        this.directoryLock = parts.lock();
        state.stops(failure);
        LogOptions options = parts.options();
        Clock clock = parts.clock();
        this.witness = parts.witness();
        this.buffers = parts.buffers();
        this.report = report;
        Workers workers = parts.workers();
        Workers.Serial announcements = new Workers.Serial(workers, parts.name());
        telemetry = new Telemetry(parts.name(), options.nodeId(), workers.forMeters());
        appendFailures = new AppendFailures(telemetry);
        AppendOutcome.prepare();
        StampClock stamps = new StampClock(clock, parts.name());
        ages = new SegmentAges(options.retention().goesByAge(), catalog.all(), stamps, workers::nanoTime);
        encoder = new RecordEncoder(
                parts.codecs(),
                new CompressionTotals(parts.codecs(), telemetry),
                stamps,
                options.maxKeyBytes(),
                options.maxValueBytes(),
                options.maxBatchBytes());
        patience = new Patience(options.patience(), workers, telemetry, clock, this::placeOfEnd);
        Handovers handovers = workers.handovers();
        Completions completions =
                new Completions(failure, appendFailures, workers.forFutures(), handovers, parts.executor());
        appender = new Appender(failure, catalog, options, tail, completions);
        sealer = new Sealer(storage, workers, parts.name(), failure);
        readable = new ReadableEnd(failure, tail.recordsEnd());
        stageFile = new StageFile(
                storage,
                parts.name(),
                state.current().log().getMostSignificantBits(),
                options.mapped(),
                options.stageBytes());
        drain = new Drain(appender, failure, directoryLock, storage.location(), workers.forUpkeep(), stageFile, stamps);
        committer = new Committer(
                appender,
                drain,
                sealer,
                failure,
                directoryLock,
                storage.location(),
                witness,
                workers,
                completions,
                options,
                telemetry,
                clock,
                readable);
        space = new SpaceKeeper(
                storage,
                directoryLock,
                parts.state(),
                options,
                clock,
                appender,
                failure,
                workers,
                telemetry,
                tail,
                stageFile);
        loop = new AppendLoop(appender, space, drain, committer, patience, options.maxUnsyncedBytes());
        announcer = new Announcer(telemetry, clock, storage.location());
        readSide = new ReadSide(parts, catalog, appender, drain, readable, failure, telemetry, announcer, handovers);
        streamed = new StreamedValues(encoder, appender, options);
        pruner = new Pruner(
                parts, catalog, appender, space, committer, sealer, failure, readSide, announcer, streamed, shrinking);
        truncator = new Truncator(
                parts, catalog, appender, space, committer, sealer, failure, readable, readSide, announcer);
        upkeep = new Upkeep(
                parts, catalog, tail, appender, committer, sealer, pruner, readSide, failure, telemetry, announcer,
                ages);
        appendSample = options.appendSample();
        failure.onFirst(cause -> announcements.execute(() -> failed(cause)));
        LogMetrics.pull(telemetry, appender, catalog, report, failure);
        telemetry.attach(parts.meter());
        announcer.opened(report);
        announcer.opened(parts.checkpoints(), report.end());
        upkeep.start(options.retention());
    }

    /**
     * What a log is made of.
     *
     * @param name for messages and metrics
     * @param storage where the bytes are
     * @param lock on the storage; closed with the log
     * @param codecs for values
     * @param meter who is told
     * @param options everything else that was configured
     * @param clock the wall clock
     * @param workers threads for the background
     * @param buffers what appends are encoded in
     * @param executor where futures are completed, or null for a worker
     * @param state the STATE file
     * @param witness the WITNESS file
     * @param checkpoints what is stored of them
     * @param archiver who keeps copies of what is sealed
     * @param files how files of a backup are created
     */
    public record Parts(
            String name,
            Storage storage,
            StorageLock lock,
            Codecs codecs,
            Meter meter,
            LogOptions options,
            Clock clock,
            Workers workers,
            AppendBuffers buffers,
            @Nullable Executor executor,
            StateFile state,
            WitnessFile witness,
            StoredCheckpoints checkpoints,
            SegmentArchiver archiver,
            FileOptions files) {}

    private void failed(Throwable cause) {
        announcer.failed(cause, Place.position(readable.durable()));
        readSide.failedNow();
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        AppendBuffer buffer = null;
        try {
            buffer = buffers.acquire();
            long start = timed(buffer);
            encoder.encode(buffer, key, value);
            place(buffer, true);
            committer.settle(buffer);
            timed(start);
            return Place.position(buffer.place);
        } catch (RuntimeException | Error e) {
            throw failed(e, buffer);
        } finally {
            buffers.release(buffer);
        }
    }

    @Override
    public Position append(WalRecord record) {
        return appendOne(record, null);
    }

    @Override
    public Position append(WalRecord record, Durability durability) {
        return appendOne(record, Objects.requireNonNull(durability));
    }

    private Position appendOne(WalRecord record, @Nullable Durability durability) {
        AppendBuffer buffer = null;
        try {
            buffer = buffers.acquire();
            long start = timed(buffer);
            encoder.encode(buffer, record);
            place(buffer, true);
            settle(buffer, durability);
            timed(start);
            return Place.position(buffer.place);
        } catch (RuntimeException | Error e) {
            throw failed(e, buffer);
        } finally {
            buffers.release(buffer);
        }
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records) {
        return appendMany(records, null);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records, Durability durability) {
        return appendMany(records, Objects.requireNonNull(durability));
    }

    private List<Position> appendMany(List<WalRecord> records, @Nullable Durability durability) {
        if (records.isEmpty()) {
            failure.checkOpen();
            return List.of();
        }
        AppendBuffer buffer = null;
        try {
            buffer = buffers.acquireForBatch();
            long start = timed(buffer);
            encoder.encode(buffer, records);
            int[] offsets = BatchPositions.offsets(buffer);
            place(buffer, true);
            settle(buffer, durability);
            timed(start);
            return new BatchPositions(buffer.place, offsets);
        } catch (RuntimeException | Error e) {
            throw failed(e, buffer);
        } finally {
            buffers.release(buffer);
        }
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        Objects.requireNonNull(record);
        AppendBuffer buffer = null;
        Completion<Position> completion = null;
        try {
            completion = new Completion<>(Place::position);
            buffer = buffers.acquire();
            encoder.encode(buffer, record);
            appendAsync(buffer, completion);
            return completion.future();
        } catch (RuntimeException | Error e) {
            return refused(completion, failed(e, buffer));
        } finally {
            buffers.release(buffer);
        }
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records) {
        AppendBuffer buffer = null;
        Completion<List<Position>> completion = null;
        try {
            if (records.isEmpty()) {
                failure.checkOpen();
                return CompletableFuture.completedFuture(List.of());
            }
            buffer = buffers.acquireForBatch();
            encoder.encode(buffer, records);
            int[] offsets = BatchPositions.offsets(buffer);
            completion = new Completion<>(place -> new BatchPositions(place, offsets));
            appendAsync(buffer, completion);
            return completion.future();
        } catch (RuntimeException | Error e) {
            return refused(completion, failed(e, buffer));
        } finally {
            buffers.release(buffer);
        }
    }

    private void appendAsync(AppendBuffer buffer, Completion<?> completion) {
        buffer.completion = completion;
        try {
            place(buffer, false);
            committer.forceCompletion();
        } finally {
            buffer.completion = null;
        }
    }

    private static <T> CompletableFuture<T> refused(@Nullable Completion<T> completion, RuntimeException why) {
        try {
            CompletableFuture<T> future = completion == null ? new CompletableFuture<>() : completion.future();
            future.completeExceptionally(why);
            return future;
        } catch (OutOfMemoryError e) {
            throw why; // there is no memory for a future that has failed
        }
    }

    private RuntimeException failed(Throwable thrown, @Nullable AppendBuffer buffer) {
        RuntimeException outcome = AppendOutcome.of(thrown, buffer != null && buffer.isPlaced());
        try {
            appendFailures.count(outcome);
        } catch (OutOfMemoryError e) {
            // the outcome counts more than its counter
        }
        return outcome;
    }

    @Override
    public Position append(WalRecord record, InputStream value, long length) {
        Objects.requireNonNull(value);
        if (length < 0 || record.kind() != WalRecord.Kind.PUT || record.valueLength() > 0) {
            throw new IllegalArgumentException(
                    "a streamed value needs a put without a value and a length, not " + record + " and " + length);
        }
        failure.checkOpen();
        if (streamed.isShort(length)) {
            return append(record.withValue(StreamedValues.read(value, (int) length)));
        }
        AppendBuffer buffer = null;
        try {
            buffer = buffers.acquireForBatch();
            streamed.append(buffer, record, value, length, each -> place(each, true), committer::settle);
            return Place.position(buffer.place);
        } catch (RuntimeException | Error e) {
            throw failed(e, buffer);
        } finally {
            buffers.release(buffer);
        }
    }

    private long placeOfEnd() {
        return appender.recordsEnd();
    }

    private long timed(AppendBuffer buffer) {
        return appendSample > 0 && ++buffer.untimed >= appendSample ? startTimed(buffer) : 0;
    }

    private static long startTimed(AppendBuffer buffer) {
        buffer.untimed = 0;
        return System.nanoTime();
    }

    private void timed(long start) {
        if (start != 0) {
            telemetry.record(Metrics.APPEND_DURATION, System.nanoTime() - start);
        }
    }

    private void place(AppendBuffer buffer, boolean mayWait) {
        committer.checkLock();
        int due = loop.append(buffer, mayWait);
        if (due != ActiveSegment.NOTHING_DUE) {
            workAfter(due);
        }
    }

    /** Has done what an append made due. The append has its place: no lack of memory may change its outcome any more. */
    private void workAfter(int due) {
        try {
            if ((due & ActiveSegment.ROLLED) != 0) {
                committer.forceSoon();
            }
            space.prepareAhead(due);
            if ((due & ActiveSegment.DRAIN_DUE) != 0) {
                drain.pieceIsFull();
            }
            if ((due & ActiveSegment.ROLLED) != 0) {
                appender.takeRolled().forEach(this::rolled);
            }
        } catch (OutOfMemoryError e) {
            // an append that finds no space asks again
        }
    }

    private void rolled(Rolled roll) {
        ages.left(roll.segment());
        announcer.rolled(roll);
    }

    private void settle(AppendBuffer buffer, @Nullable Durability durability) {
        if (durability == null) {
            committer.settle(buffer);
        } else if (durability == Durability.DEVICE) {
            committer.awaitDurable(buffer.endPlace);
        } else {
            committer.settleInKernel(buffer);
        }
    }

    @Override
    public Position sync() {
        failure.checkOpen();
        committer.sync(appender.recordsEnd());
        return durableEnd();
    }

    @Override
    public Position start() {
        return readSide.start();
    }

    @Override
    public Position end() {
        return readSide.end();
    }

    @Override
    public Position durableEnd() {
        return Place.position(readable.durable());
    }

    @Override
    public long nextSequence() {
        failure.checkNotClosed();
        return failure.isFailed() ? readSide.nextSequence() : appender.nextSequence();
    }

    @Override
    public Position positionOf(long sequence) {
        return new PositionFinder(readSide).of(sequence);
    }

    @Override
    public Position positionAt(Instant time) {
        return new PositionFinder(readSide).at(time);
    }

    @Override
    public WalReader read(Position from, ReadOptions how) {
        return readSide.open(from, how);
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions how) {
        return readSide.publisher(from, how, null);
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions how, Executor executor) {
        return readSide.publisher(from, how, Objects.requireNonNull(executor));
    }

    /** {@return whether somebody reads it or has subscribed to it} */
    public boolean inUse() {
        return readSide.inUse();
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        return pruner.deleteBefore(position);
    }

    @Override
    public Position truncateAfter(Position position) {
        failure.checkOpen(); // before anything is waited for
        try (Upkeep.Pause pause = upkeep.pause()) {
            shrinking.lock();
            try {
                Position end = truncator.truncateAfter(position);
                pause.cutOff(end);
                return end;
            } finally {
                shrinking.unlock();
            }
        }
    }

    @Override
    public Position backup(Path directory) {
        failure.checkOpen();
        return new Backup(storage, files, new BackedUp()).to(directory);
    }

    private final class BackedUp implements Backup.Source {
        @Override
        public Backup.View view() {
            committer.sync(appender.recordsEnd());
            shrinking.lock();
            try {
                failure.checkOpen();
                return Backup.View.of(
                        state.current(), upkeep.checkpoints().snapshot(), catalog.all(), readable.durable());
            } finally {
                shrinking.unlock();
            }
        }

        @Override
        public LogState state() {
            return state.current();
        }

        @Override
        public void checkOpen() {
            failure.checkOpen();
        }

        @Override
        public void alone(Backup.Step last) throws IOException {
            shrinking.lock();
            try {
                failure.checkOpen();
                last.run();
            } finally {
                shrinking.unlock();
            }
        }
    }

    @Override
    public List<SegmentInfo> segments() {
        return appender.segments().infos();
    }

    @Override
    public Checkpoints checkpoints() {
        return upkeep.checkpoints();
    }

    @Override
    public RecoveryReport recovery() {
        return report;
    }

    @Override
    public WalState state() {
        return failure.state();
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /** Refuses to be closed by a preallocator for which closing would wait. */
    public void checkMayClose() {
        failure.checkNotPreallocating(Outcome.NONE);
    }

    @Override
    public void close() {
        checkMayClose();
        closing.once(this::closeAll);
    }

    private void closeAll() {
        boolean failedBefore = failure.isFailed();
        appender.stop();
        patience.end();
        upkeep.stop();
        @Nullable Throwable closeFailure = null;
        @Nullable Throwable checkpointFailure = null;
        shrinking.lock();
        try {
            space.close();
            sealer.closing();
            appender.retire();
            committer.forceNow();
            sealer.await();
            if (!failure.isFailed()) {
                checkpointFailure = upkeep.checkpoints().writeLast();
            }
            space.discardPrepared();
            boolean drained = !failure.isFailed();
            drain.close();
            if (drained) {
                stageFile.delete();
            }
            appender.takeAll().forEach(Sealer::release);
            failure.close();
            upkeep.checkpoints().end();
            readSide.close();
            Throwable cause = failure.cause();
            if (cause != null) {
                failed(cause);
            }
            telemetry.close();
        } finally {
            shrinking.unlock();
            closeFailure = closeStorage();
            closeFailure = checkpointFailure != null ? checkpointFailure : closeFailure;
        }
        if (failure.isFailed()) {
            throw failure.exception(Outcome.NONE);
        }
        if (closeFailure != null && !failedBefore) {
            throw new WalException(
                    Reason.IO,
                    Outcome.NONE,
                    "closing " + storage.location() + " failed: " + closeFailure,
                    closeFailure);
        }
    }

    private @Nullable IOException closeStorage() {
        IOException first = null;
        List<AutoCloseable> held = new ArrayList<>(List.of(witness, directoryLock, storage));
        for (AutoCloseable each : held) {
            try {
                each.close();
            } catch (Exception e) {
                first = first != null ? first : e instanceof IOException io ? io : new IOException(e);
            }
        }
        return first;
    }

    @Override
    public String toString() {
        return "Wal[" + telemetry.logName() + " in " + storage.location() + ", " + state() + "]";
    }
}
