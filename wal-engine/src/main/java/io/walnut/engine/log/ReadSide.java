package io.walnut.engine.log;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.read.LogReader;
import io.walnut.engine.read.PositionFinder;
import io.walnut.engine.read.ReadableLog;
import io.walnut.engine.read.StoredRecords;
import io.walnut.engine.stream.StreamedLog;
import io.walnut.engine.stream.Streams;
import io.walnut.spi.Metrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What readers see of a log that is appended to, and who reads. */
final class ReadSide implements ReadableLog, StreamedLog {
    private final StoredRecords stored;
    private final Appender appender;
    private final Drain drain;
    private final ReadableEnd readable;
    private final StateFile state;
    private final Failure failure;
    private final Announcer announcer;
    private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger values = new AtomicInteger();
    private final Streams streams;
    private final @Nullable Executor subscribers;
    private final LongAdder recordsRead;
    private final LongAdder bytesRead;
    private final LongAdder readFailures;

    ReadSide(
            EngineWal.Parts parts,
            SegmentCatalog catalog,
            Appender appender,
            Drain drain,
            ReadableEnd readable,
            Failure failure,
            Telemetry telemetry,
            Announcer announcer,
            Handovers handovers) {
        this.stored = new StoredRecords(
                parts.storage(), catalog, parts.codecs(), parts.options().maxValueBytes());
        this.state = parts.state();
        this.appender = appender;
        this.drain = drain;
        this.readable = readable;
        this.failure = failure;
        this.announcer = announcer;
        streams = new Streams(this, parts.name(), parts.workers(), handovers);
        subscribers = parts.executor();
        readable.watchedBy(streams::moved);
        telemetry.pull(Metrics.READERS_OPEN, readers::size);
        recordsRead = telemetry.counter(Metrics.RECORDS_READ);
        bytesRead = telemetry.counter(Metrics.BYTES_READ);
        readFailures = telemetry.counter(Metrics.READ_FAILURES);
    }

    @Override
    public WalReader open(Position from, ReadOptions how) {
        failure.checkNotClosed();
        LogReader reader = new LogReader(this, from, how);
        readers.add(reader);
        if (failure.state() == WalState.CLOSED) {
            closed(reader);
            failure.checkNotClosed();
        }
        return reader;
    }

    /** {@return a publisher; without an executor of its own it uses that of the log} */
    Flow.Publisher<Entry> publisher(Position from, ReadOptions how, @Nullable Executor executor) {
        return streams.publisher(from, how, executor != null ? executor : subscribers);
    }

    /** {@return whether somebody reads or has subscribed} */
    boolean inUse() {
        return !readers.isEmpty() || values.get() > 0 || streams.size() > 0;
    }

    /** Records were removed, at either end. */
    void removed() {
        streams.removed();
    }

    /** The log has failed. */
    void failedNow() {
        readable.wake();
        streams.ended();
    }

    /** The log is closed: so is whoever reads it. */
    void close() {
        readable.wake();
        streams.ended();
        for (LogReader reader : readers) {
            reader.free();
        }
        readers.clear();
    }

    @Override
    public Position start() {
        for (Segment segment : stored.catalog().all()) {
            long first = appender.segments().firstRecord(segment);
            if (first >= 0) {
                return Place.position(Math.min(Place.of(segment.number(), first), readable.place(false)));
            }
        }
        return end();
    }

    /** {@return just past the last record that can be read} */
    Position end() {
        return Place.position(readable.place(false));
    }

    /** {@return the sequence behind that of the last record that can be read} */
    long nextSequence() {
        return new PositionFinder(this).nextSequence();
    }

    /** {@return whether an open reader has just read up to a position} */
    boolean isReaderAt(Position position) {
        long place = Place.of(position);
        return readers.stream().anyMatch(reader -> reader.isAt(place));
    }

    @Override
    public StoredRecords stored() {
        return stored;
    }

    @Override
    public SparseIndex index(Segment segment) {
        return appender.segments().index(segment);
    }

    @Override
    public long readableEnd(boolean durableOnly) {
        return readable.place(durableOnly);
    }

    /** Drains staged frames once a reader comes to them. */
    @Override
    public long readableEnd(boolean durableOnly, long from) {
        long end = readable.place(durableOnly);
        long drained = appender.drainedEnd();
        if (end <= drained) {
            return end;
        }
        if (from < drained) {
            return drained;
        }
        try {
            drain.to(end);
            return end;
        } catch (WalFailedException e) {
            return readable.place(true); // which the files have
        }
    }

    @Override
    public long await(long place, boolean durableOnly, long nanos) {
        return readable.await(place, durableOnly, nanos);
    }

    @Override
    public WalState state() {
        return failure.state();
    }

    @Override
    public @Nullable WalException failed() {
        return failure.isFailed() ? failure.exception(Outcome.NONE) : null;
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public void waits(boolean durableOnly) {
        readable.waits(durableOnly);
    }

    @Override
    public void waitedFor(boolean durableOnly) {
        readable.waitedFor(durableOnly);
    }

    @Override
    public LowWater lowWater() {
        return LowWater.of(state.current());
    }

    @Override
    public boolean isTruncated(Segment segment, long offset) {
        return segment.finished() && offset >= segment.chainEnd();
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
    public void readFailed() {
        readFailures.increment();
    }

    @Override
    public void damaged(WalCorruptException damage) {
        announcer.damaged(damage);
    }

    @Override
    public void valueOpened() {
        values.incrementAndGet();
    }

    @Override
    public void valueClosed() {
        values.decrementAndGet();
    }

    @Override
    public void closed(LogReader reader) {
        readers.remove(reader);
        reader.free();
    }
}
