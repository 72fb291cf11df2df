package io.walnut.engine.log;

import io.walnut.api.Capability;
import io.walnut.api.Durability;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecoveryReport;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.read.LogReader;
import io.walnut.engine.read.PositionFinder;
import io.walnut.engine.read.ReadableLog;
import io.walnut.spi.Meter;
import io.walnut.spi.Metrics;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageLock;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The log that appends, reads and deletes: it ties the parts together and adds nothing of its own to an append. */
public final class EngineWal implements Wal, ReadableLog {
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");

    private final Storage storage;
    private final StorageLock directoryLock;
    private final Codecs codecs;
    private final LogOptions options;
    private final RecoveryReport report;
    private final SegmentCatalog catalog;
    private final StateFile state;
    private final WitnessFile witness;
    private final Telemetry telemetry;
    private final Workers.Serial announcements;
    private final Clock clock;
    private final Failure failure = new Failure();
    private final AppendBuffers buffers = new AppendBuffers();
    private final RecordEncoder encoder;
    private final Appender appender;
    private final Sealer sealer;
    private final ReadableEnd readable;
    private final Committer committer;
    private final SpaceKeeper space;
    private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();
    private final ReentrantLock deleting = new ReentrantLock();
    private final AtomicReference<@Nullable CompletableFuture<Void>> closing = new AtomicReference<>();
    private final AppendFailures appendFailures;
    private final int appendSample;
    private final LongAdder segmentsDeleted;
    private final LongAdder recordsRead;
    private final LongAdder bytesRead;
    private final LongAdder corruptions;
    private final ReentrantLock telling = new ReentrantLock();
    private boolean failureTold;

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
        this.directoryLock = parts.lock();
        this.codecs = parts.codecs();
        this.options = parts.options();
        this.clock = parts.clock();
        this.state = parts.state();
        state.stops(failure);
        this.witness = parts.witness();
        this.catalog = catalog;
        this.report = report;
        Workers workers = parts.workers();
        announcements = new Workers.Serial(workers);
        telemetry = new Telemetry(parts.name(), options.nodeId(), workers);
        appendFailures = new AppendFailures(telemetry);
        encoder = new RecordEncoder(
                codecs,
                new CompressionTotals(codecs, telemetry),
                clock,
                options.maxKeyBytes(),
                options.maxValueBytes(),
                options.maxBatchBytes());
        appender = new Appender(failure, catalog, options.maxUnsyncedBytes(), tail);
        sealer = new Sealer(workers, failure);
        readable = new ReadableEnd(failure, tail.recordsEnd());
        Executor completions = parts.executor() != null ? parts.executor() : new Workers.Serial(workers)::execute;
        committer = new Committer(
                appender,
                sealer,
                failure,
                witness,
                workers,
                completions,
                options,
                telemetry,
                clock,
                readable,
                appendFailures);
        space = new SpaceKeeper(
                storage, directoryLock, state, options, clock, appender, failure, workers, telemetry, tail);
        appendSample = options.appendSample();
        segmentsDeleted = telemetry.counter(Metrics.SEGMENTS_DELETED);
        recordsRead = telemetry.counter(Metrics.RECORDS_READ);
        bytesRead = telemetry.counter(Metrics.BYTES_READ);
        corruptions = telemetry.counter(Metrics.CORRUPTIONS);
        failure.onFirst(cause -> announcements.execute(() -> failed(cause)));
        meter(parts.meter());
        tellOpened();
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
     * @param executor where futures are completed, or null for a worker
     * @param state the STATE file
     * @param witness the WITNESS file
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
            @Nullable Executor executor,
            StateFile state,
            WitnessFile witness) {}

    private void meter(Meter meter) {
        telemetry.pullEach(Metrics.RECORDS_APPENDED, target -> {
            Appender.Totals totals = appender.totals();
            target.value(totals.puts(), List.of("put"));
            target.value(totals.deletes(), List.of("delete"));
        });
        telemetry.pullEach(Metrics.BYTES_APPENDED, target -> {
            Appender.Totals totals = appender.totals();
            target.value(totals.putBytes(), List.of("put"));
            target.value(totals.deletedBytes(), List.of("delete"));
            target.value(totals.controlBytes(), List.of("control"));
        });
        telemetry.pull(Metrics.BATCHES, () -> appender.totals().batches());
        telemetry.pull(Metrics.UNSYNCED_BYTES, appender::unsyncedBytes);
        telemetry.pull(Metrics.UNSYNCED_AGE, appender::unsyncedNanos);
        telemetry.pull(Metrics.SEGMENTS, () -> catalog.all().size());
        telemetry.pull(
                Metrics.SEGMENT_BYTES,
                () -> appender.infos().stream().mapToLong(SegmentInfo::bytes).sum());
        telemetry.pull(Metrics.SEGMENTS_STARTED, appender::segmentsTaken);
        telemetry.pull(Metrics.READERS_OPEN, readers::size);
        telemetry.pull(Metrics.RECOVERY_RECORDS, report::records);
        telemetry.pull(Metrics.RECOVERY_SCANNED, report::bytesScanned);
        telemetry.pull(Metrics.RECOVERY_TRUNCATED, report::bytesTruncated);
        telemetry.pull(Metrics.STATE, failure::code);
        telemetry.attach(meter);
        telemetry.record(Metrics.RECOVERY_DURATION, report.duration().toNanos());
        report.truncation()
                .ifPresent(cut -> telemetry.event(() -> new WalEvent.Truncated(clock.instant(), cut.position(), cut)));
        telemetry.event(() -> new WalEvent.Recovered(clock.instant(), report.end(), report));
    }

    private void tellOpened() {
        LOG.log(
                System.Logger.Level.INFO,
                () -> "wal.opened log=" + telemetry.logName() + " at=" + storage.location() + " clean=" + report.clean()
                        + " segments=" + report.segments() + " records=" + report.records() + " end=" + report.end()
                        + " scannedBytes=" + report.bytesScanned() + " truncatedBytes=" + report.bytesTruncated()
                        + " millis=" + report.duration().toMillis());
        report.truncation()
                .ifPresent(cut -> LOG.log(
                        System.Logger.Level.WARNING,
                        "wal.truncated log=" + telemetry.logName() + " file=" + cut.file() + " position="
                                + cut.position() + " bytes=" + cut.bytes() + " quarantine="
                                + cut.quarantine().orElse("none") + ": " + cut.why()));
    }

    private void failed(Throwable cause) {
        Position durable = Place.position(readable.durable());
        telling.lock(); // whoever finds it told already may rely on that
        try {
            if (failureTold) {
                return;
            }
            failureTold = true;
            telemetry.event(() -> new WalEvent.Failed(clock.instant(), durable, cause));
        } finally {
            telling.unlock();
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "wal.failed log=" + telemetry.logName() + " durableEnd=" + durable
                        + ": nothing is appended any more; open the log again to recover",
                cause);
        readable.wake();
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        AppendBuffer buffer = buffers.acquire();
        try {
            long start = timed(buffer);
            encoder.encode(buffer, key, value);
            place(buffer, true);
            committer.settle(buffer);
            timed(start);
            return Place.position(buffer.place);
        } catch (RuntimeException | Error e) {
            appendFailures.count(e);
            throw e;
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
        AppendBuffer buffer = buffers.acquire();
        try {
            long start = timed(buffer);
            encoder.encode(buffer, record);
            place(buffer, true);
            settle(buffer, durability);
            timed(start);
            return Place.position(buffer.place);
        } catch (RuntimeException | Error e) {
            appendFailures.count(e);
            throw e;
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
        AppendBuffer buffer = buffers.acquireForBatch();
        try {
            long start = timed(buffer);
            encoder.encode(buffer, records);
            place(buffer, true);
            settle(buffer, durability);
            timed(start);
            return positions(buffer);
        } catch (RuntimeException | Error e) {
            appendFailures.count(e);
            throw e;
        } finally {
            buffers.release(buffer);
        }
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        Objects.requireNonNull(record);
        CompletableFuture<Position> future = new CompletableFuture<>();
        AppendBuffer buffer = buffers.acquire();
        try {
            encoder.encode(buffer, record);
            place(buffer, false);
            long place = buffer.place;
            committer.completeWhenDurable(future, buffer.endPlace, end -> Place.position(place));
        } catch (RuntimeException | Error e) {
            appendFailures.count(e);
            future.completeExceptionally(e);
        } finally {
            buffers.release(buffer);
        }
        return future;
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records) {
        CompletableFuture<List<Position>> future = new CompletableFuture<>();
        AppendBuffer buffer = buffers.acquireForBatch();
        try {
            if (records.isEmpty()) {
                failure.checkOpen();
                future.complete(List.of());
                return future;
            }
            encoder.encode(buffer, records);
            place(buffer, false);
            List<Position> positions = positions(buffer);
            committer.completeWhenDurable(future, buffer.endPlace, end -> positions);
        } catch (RuntimeException | Error e) {
            appendFailures.count(e);
            future.completeExceptionally(e);
        } finally {
            buffers.release(buffer);
        }
        return future;
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
        int due = appender.append(buffer, mayWait, space, committer);
        if (due != ActiveSegment.NOTHING_DUE) {
            space.prepareAhead(due);
            for (Appender.Rolled each : appender.takeRolled()) {
                telemetry.record(Metrics.ROTATION_DURATION, each.nanos());
                telemetry.event(() -> new WalEvent.SegmentRolled(
                        clock.instant(),
                        Place.position(each.start()),
                        each.segment(),
                        each.bytes(),
                        Duration.ofNanos(each.nanos())));
            }
        }
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

    private static List<Position> positions(AppendBuffer buffer) {
        List<Position> positions = new ArrayList<>(buffer.frames());
        long place = buffer.place;
        for (int i = 0, frame = AppendBuffer.FRAMES_AT; i < buffer.frames(); i++) {
            positions.add(Place.position(place));
            int size = Bytes.align(Bytes.getInt(buffer.bytes(), frame));
            frame += size;
            place += size;
        }
        return positions;
    }

    @Override
    public Position sync() {
        failure.checkOpen();
        long end = appender.recordsEnd();
        try {
            committer.awaitDurable(end);
        } catch (WalFailedException e) {
            throw failure.exception(Outcome.NONE);
        }
        return durableEnd();
    }

    @Override
    public Position start() {
        for (Segment segment : catalog.all()) {
            long first = appender.firstRecord(segment);
            if (first >= 0) {
                return Place.position(Math.min(Place.of(segment.number(), first), readable.place(false)));
            }
        }
        return end();
    }

    @Override
    public Position end() {
        return Place.position(readable.place(false));
    }

    @Override
    public Position durableEnd() {
        return Place.position(readable.durable());
    }

    @Override
    public Position positionOf(long sequence) {
        return new PositionFinder(this).of(sequence);
    }

    @Override
    public Position positionAt(Instant time) {
        return new PositionFinder(this).at(time);
    }

    @Override
    public WalReader read(Position from, ReadOptions how) {
        failure.checkNotClosed();
        LogReader reader = new LogReader(this, from, how);
        readers.add(reader);
        if (failure.state() == WalState.CLOSED) {
            readers.remove(reader);
            reader.free();
            failure.checkNotClosed();
        }
        return reader;
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        failure.checkOpen();
        long upTo = Place.of(position);
        if (upTo > Place.of(end())) {
            throw new PositionUnavailableException(
                    "cannot delete up to " + position + ", which lies beyond the end " + end(),
                    position,
                    start(),
                    end());
        }
        deleting.lock();
        try {
            if (upTo == appender.recordsEnd() && appender.hasActive()) {
                sync();
                appender.retireAt(upTo);
            }
            List<Segment> all = catalog.all();
            int count = 0;
            while (count < all.size()
                    && all.get(count).finished()
                    && Place.of(
                                    all.get(count).number(),
                                    all.get(count).contents().recordsEnd())
                            <= upTo) {
                count++;
            }
            if (count > 0) {
                committer.forceNow();
                sealer.await();
                failure.checkOpen();
                delete(all.subList(0, count), count < all.size() ? all.get(count) : null);
            }
            return count;
        } catch (IOException e) {
            throw new WalException(
                    Reason.IO, Outcome.NONE, "segments could not be deleted from " + storage.location() + ": " + e, e);
        } finally {
            deleting.unlock();
        }
    }

    private void delete(List<Segment> gone, @Nullable Segment remaining) throws IOException {
        Segment last = gone.get(gone.size() - 1);
        state.write(state.current()
                .withLow(
                        remaining == null ? last.number() + 1 : remaining.number(),
                        last.contents().nextSequence(),
                        last.number(),
                        last.contents().recordsEnd()));
        catalog.removeFirst(gone.size());
        long bytes = 0;
        for (Segment segment : gone) {
            bytes += segment.chainEnd();
            try {
                storage.delete(segment.fileName());
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "wal.delete.failed file=" + segment.fileName()
                                + ": it is not part of the log any more; opening the log deletes it",
                        e);
            }
        }
        segmentsDeleted.add(gone.size());
        long freed = bytes;
        telemetry.event(() -> new WalEvent.SegmentsDeleted(clock.instant(), start(), gone.size(), freed));
    }

    @Override
    public List<SegmentInfo> segments() {
        return appender.infos();
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

    @Override
    public void close() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> first = closing.compareAndExchange(null, mine);
        if (first != null) {
            first.handle((done, failed) -> done).join();
            return;
        }
        try {
            closeAll();
        } finally {
            mine.complete(null);
        }
    }

    private void closeAll() {
        boolean failedBefore = failure.isFailed();
        appender.stop();
        @Nullable IOException closeFailure = null;
        deleting.lock();
        try {
            space.close();
            if (!failure.isFailed()) {
                sealer.closing();
                appender.retire();
                committer.forceNow();
            }
            sealer.await();
            ActiveSegment unused = appender.takePrepared();
            if (unused != null) {
                space.discard(unused);
            }
            appender.takeAll().forEach(Sealer::release);
            failure.close();
            readable.wake();
            for (LogReader reader : readers) {
                reader.free();
            }
            readers.clear();
            Throwable cause = failure.cause();
            if (cause != null) {
                failed(cause);
            }
            telemetry.close();
        } finally {
            deleting.unlock();
            closeFailure = closeStorage();
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
    public Storage storage() {
        return storage;
    }

    @Override
    public Codecs codecs() {
        return codecs;
    }

    @Override
    public long maxValueBytes() {
        return options.maxValueBytes();
    }

    @Override
    public @Nullable Segment segmentAtOrAfter(long number) {
        return catalog.atOrAfter(number);
    }

    @Override
    public @Nullable Segment segmentWithSequence(long sequence) {
        return catalog.withSequence(sequence);
    }

    @Override
    public @Nullable Segment segmentStampedAt(long nanos) {
        return catalog.stampedAt(nanos);
    }

    @Override
    public SparseIndex index(Segment segment) {
        return appender.index(segment);
    }

    @Override
    public long readableEnd(boolean durableOnly) {
        return readable.place(durableOnly);
    }

    @Override
    public long await(long place, boolean durableOnly, long nanos) {
        return readable.await(place, durableOnly, nanos);
    }

    @Override
    public long endOfDeleted() {
        return Place.of(state.current().previousSegment(), state.current().previousEnd());
    }

    @Override
    public void checkNotClosed() {
        failure.checkNotClosed();
    }

    @Override
    public void read(long records, long bytes) {
        recordsRead.add(records);
        bytesRead.add(bytes);
    }

    @Override
    public void damaged(WalCorruptException damage) {
        corruptions.increment();
        LOG.log(System.Logger.Level.ERROR, "wal.corrupt log=" + telemetry.logName() + ": " + damage.getMessage());
        Position where = damage.position().orElse(Position.START);
        telemetry.event(() -> new WalEvent.Corrupted(
                clock.instant(), where, damage.file().orElse(""), String.valueOf(damage.getMessage())));
    }

    @Override
    public void closed(LogReader reader) {
        readers.remove(reader);
        reader.free();
    }

    @Override
    public String toString() {
        return "Wal[" + telemetry.logName() + " in " + storage.location() + ", " + state() + "]";
    }
}
