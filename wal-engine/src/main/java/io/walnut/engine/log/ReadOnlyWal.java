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
import io.walnut.api.WalClosedException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.read.LogReader;
import io.walnut.engine.read.PositionFinder;
import io.walnut.engine.read.ReadableLog;
import io.walnut.engine.read.StoredRecords;
import io.walnut.engine.storage.FileOptions;
import io.walnut.engine.stream.StreamedLog;
import io.walnut.engine.stream.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A log as it was when it was opened for reading only. Changes nothing on disk. */
public final class ReadOnlyWal implements Wal, ReadableLog, StreamedLog {
    private final StoredRecords stored;
    private final LogState state;
    private final long end;
    private final RecoveryReport report;
    private final @Nullable Executor subscribers;
    private final FileOptions files;
    private final Streams streams;
    private final Checkpoints checkpoints;
    private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();
    private final Closing closing = new Closing();

    /** A log that has been looked at without repair, of which nothing is published elsewhere than on shared threads. */
    public ReadOnlyWal(StoredRecords stored, LogState state, long end, RecoveryReport report) {
        this(
                stored.storage().location(),
                stored,
                state,
                end,
                report,
                StoredCheckpoints.none(state.log()),
                Workers.shared(),
                null,
                FileOptions.DEFAULT);
    }

    /** A named log that has been looked at without repair. */
    public ReadOnlyWal(
            String name,
            StoredRecords stored,
            LogState state,
            long end,
            RecoveryReport report,
            StoredCheckpoints saved,
            Workers workers,
            @Nullable Executor executor,
            FileOptions files) {
        this.stored = stored;
        this.files = files;
        this.state = state;
        this.end = end;
        this.report = report;
        this.subscribers = executor;
        this.streams = new Streams(this, name, workers, workers.handovers());
        this.checkpoints = new ReadOnlyCheckpoints(
                saved.within(stored.catalog().all(), Place.position(end)),
                this::checkNotClosed,
                () -> readOnly(Outcome.NONE));
    }

    @Override
    public Position append(WalRecord record) {
        throw readOnly(Outcome.REJECTED);
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        throw readOnly(Outcome.REJECTED);
    }

    @Override
    public Position append(WalRecord record, Durability durability) {
        throw readOnly(Outcome.REJECTED);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records) {
        throw readOnly(Outcome.REJECTED);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records, Durability durability) {
        throw readOnly(Outcome.REJECTED);
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        return CompletableFuture.failedFuture(readOnly(Outcome.REJECTED));
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records) {
        return CompletableFuture.failedFuture(readOnly(Outcome.REJECTED));
    }

    @Override
    public Position append(WalRecord record, InputStream value, long length) {
        throw readOnly(Outcome.REJECTED);
    }

    @Override
    public Position sync() {
        throw readOnly(Outcome.NONE);
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        throw readOnly(Outcome.NONE);
    }

    @Override
    public Position truncateAfter(Position position) {
        throw readOnly(Outcome.NONE);
    }

    private WalException readOnly(Outcome outcome) {
        checkNotClosed();
        return new WalException(
                Reason.READ_ONLY,
                outcome,
                "the log in " + stored.storage().location() + " was opened for reading only",
                null);
    }

    @Override
    public Position start() {
        for (Segment segment : stored.catalog().all()) {
            if (segment.contents().records() > 0) {
                return new Position(segment.number(), segment.contents().firstRecord());
            }
        }
        return end();
    }

    @Override
    public Position end() {
        return Place.position(end);
    }

    /** {@return the end: what was found, as far as can be told without forcing it} */
    @Override
    public Position durableEnd() {
        return end();
    }

    @Override
    public long nextSequence() {
        checkNotClosed();
        return report.lastSequence() + 1;
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
    public WalReader read(Position from, ReadOptions options) {
        return open(from, options);
    }

    @Override
    public WalReader open(Position from, ReadOptions options) {
        checkNotClosed();
        LogReader reader = new LogReader(this, from, options);
        readers.add(reader);
        if (closing.hasBegun()) {
            closed(reader);
            checkNotClosed();
        }
        return reader;
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options) {
        return streams.publisher(from, options, subscribers);
    }

    /** {@return a publisher that completes at the end: nothing more comes} */
    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options, Executor executor) {
        return streams.publisher(from, options, Objects.requireNonNull(executor));
    }

    @Override
    public Position backup(Path directory) {
        checkNotClosed();
        return new Backup(stored.storage(), files, new BackedUp()).to(directory);
    }

    /** A writer beside this log may remove what it shows, and cannot be held off. */
    private final class BackedUp implements Backup.Source {
        @Override
        public Backup.View view() throws IOException {
            LogState now = state();
            boolean deleted = now.lowSegment() > Place.segment(end) && report.records() > 0;
            if (deleted || !now.cut().equals(state.cut())) {
                throw new IOException("its writer has " + (deleted ? "deleted" : "truncated")
                        + " what was there when it was opened for reading: open it again");
            }
            return Backup.View.of(state, checkpoints.all(), stored.catalog().all(), end);
        }

        @Override
        public LogState state() throws IOException {
            LogState now = StateFile.read(stored.storage());
            return now != null ? now : state;
        }

        @Override
        public void checkOpen() {
            checkNotClosed();
        }

        @Override
        public void alone(Backup.Step last) throws IOException {
            last.run();
        }
    }

    @Override
    public List<SegmentInfo> segments() {
        return stored.catalog().all().stream()
                .map(segment -> segment.info(segment.chainEnd()))
                .toList();
    }

    @Override
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    @Override
    public RecoveryReport recovery() {
        return report;
    }

    @Override
    public WalState state() {
        return closing.hasBegun() ? WalState.CLOSED : WalState.OPEN;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.ATOMIC_BATCHES,
                Capability.BACKUP,
                Capability.DAMAGE_SKIPPED,
                Capability.EXPIRED_SKIPPED,
                Capability.NEXT_SEQUENCE,
                Capability.POSITIONS_BY_SEQUENCE,
                Capability.POSITIONS_BY_TIME,
                Capability.PUBLISHING,
                Capability.READ_ONLY_OPEN);
    }

    @Override
    public void close() {
        closing.once(this::closeAll);
    }

    private void closeAll() {
        streams.ended();
        readers.forEach(LogReader::free);
        readers.clear();
        try {
            stored.storage().close();
        } catch (IOException e) {
            throw new WalException(
                    Reason.IO,
                    Outcome.NONE,
                    "closing " + stored.storage().location() + " failed: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public StoredRecords stored() {
        return stored;
    }

    @Override
    public SparseIndex index(Segment segment) {
        return segment.contents().index();
    }

    @Override
    public long readableEnd(boolean durableOnly) {
        return end;
    }

    @Override
    public long readableEnd(boolean durableOnly, long from) {
        return end;
    }

    @Override
    public long await(long place, boolean durableOnly, long nanos) {
        return 0; // nothing comes: this is the log as it was
    }

    @Override
    public void waits(boolean durableOnly) {}

    @Override
    public void waitedFor(boolean durableOnly) {}

    @Override
    public @Nullable WalException failed() {
        return null;
    }

    @Override
    public boolean grows() {
        return false;
    }

    @Override
    public LowWater lowWater() {
        return LowWater.of(state);
    }

    /** The writer beside this one may have truncated the log: what it noted is asked only when something is amiss. */
    @Override
    public boolean isTruncated(Segment segment, long offset) {
        try {
            LogState now = StateFile.read(stored.storage());
            return now != null && now.cut().removed(segment.number(), offset + 1);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void checkNotClosed() {
        if (closing.hasBegun()) {
            throw new WalClosedException("the log is closed");
        }
    }

    @Override
    public void read(long records, long bytes) {}

    @Override
    public void readFailed() {}

    @Override
    public void damaged(WalCorruptException damage) {}

    @Override
    public void valueOpened() {}

    @Override
    public void valueClosed() {}

    @Override
    public void closed(LogReader reader) {
        readers.remove(reader);
        reader.free();
    }
}
