package io.walnut.engine.group;

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
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.engine.log.EngineWal;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What users hold of a log of a group: it stays valid when the log is closed for being idle. */
final class GroupedWal implements Wal {
    private final LogGroup group;
    private final Slot slot;
    private final Checkpoints checkpoints;

    GroupedWal(LogGroup group, Slot slot) {
        this.group = group;
        this.slot = slot;
        this.checkpoints = new GroupedCheckpoints(slot);
    }

    Slot slot() {
        return slot;
    }

    @Override
    public Position append(WalRecord record) {
        return slot.use(log -> log.append(record));
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        return slot.use(log -> log.append(key, value));
    }

    @Override
    public Position append(WalRecord record, Durability durability) {
        return slot.use(log -> log.append(record, durability));
    }

    /** The log stays open meanwhile: what was read of the stream could not be read again. */
    @Override
    public Position append(WalRecord record, InputStream value, long length) {
        return slot.begin(log -> log.append(record, value, length));
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records) {
        return slot.use(log -> log.appendBatch(records));
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records, Durability durability) {
        return slot.use(log -> log.appendBatch(records, durability));
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        return async(log -> log.appendAsync(record));
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records) {
        return async(log -> log.appendBatchAsync(records));
    }

    private <T> CompletableFuture<T> async(Function<EngineWal, CompletableFuture<T>> append) {
        try {
            EngineWal log = slot.log();
            CompletableFuture<T> future = append.apply(log);
            return wasRefusedAsClosed(future) && slot.isIdle(log) ? slot.begin(append) : future;
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** {@return whether an append was refused at once, and so has left nothing behind} */
    private static boolean wasRefusedAsClosed(CompletableFuture<?> future) {
        if (future.isCompletedExceptionally()) {
            try {
                future.join();
            } catch (CompletionException e) {
                return e.getCause() instanceof WalClosedException;
            }
        }
        return false;
    }

    @Override
    public Position sync() {
        return slot.use(EngineWal::sync);
    }

    @Override
    public Position start() {
        return slot.use(EngineWal::start);
    }

    @Override
    public Position end() {
        return slot.use(EngineWal::end);
    }

    @Override
    public Position durableEnd() {
        return slot.use(EngineWal::durableEnd);
    }

    @Override
    public long nextSequence() {
        return slot.use(EngineWal::nextSequence);
    }

    @Override
    public Position positionOf(long sequence) {
        return slot.use(log -> log.positionOf(sequence));
    }

    @Override
    public Position positionAt(Instant time) {
        return slot.use(log -> log.positionAt(time));
    }

    @Override
    public WalReader read(Position from, ReadOptions options) {
        return slot.begin(log -> log.read(from, options));
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options) {
        Objects.requireNonNull(from);
        Objects.requireNonNull(options);
        return subscriber -> subscribe(log -> log.publisher(from, options), subscriber, group.subscribers());
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options, Executor executor) {
        Objects.requireNonNull(from);
        Objects.requireNonNull(options);
        Objects.requireNonNull(executor);
        return subscriber -> subscribe(log -> log.publisher(from, options, executor), subscriber, executor);
    }

    private void subscribe(
            Function<EngineWal, Flow.Publisher<Entry>> publisher,
            Flow.Subscriber<? super Entry> subscriber,
            @Nullable Executor executor) {
        Objects.requireNonNull(subscriber);
        try {
            slot.begin(log -> {
                publisher.apply(log).subscribe(subscriber);
                return true;
            });
        } catch (RuntimeException e) {
            group.publisherOfNone(slot.name(), e, executor).subscribe(subscriber);
        }
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        return slot.use(log -> log.deleteSegmentsBefore(position));
    }

    @Override
    public Position truncateAfter(Position position) {
        return slot.use(log -> log.truncateAfter(position));
    }

    /** The log stays open meanwhile. */
    @Override
    public Position backup(Path directory) {
        return slot.begin(log -> log.backup(directory));
    }

    @Override
    public Checkpoints checkpoints() {
        return checkpoints;
    }

    @Override
    public List<SegmentInfo> segments() {
        return slot.use(EngineWal::segments);
    }

    @Override
    public RecoveryReport recovery() {
        return slot.recovery();
    }

    @Override
    public WalState state() {
        return slot.state();
    }

    @Override
    public Set<Capability> capabilities() {
        return slot.use(EngineWal::capabilities);
    }

    @Override
    public void close() {
        group.close(this);
    }

    @Override
    public String toString() {
        return "Wal[" + slot.name() + " in " + group + ", " + state() + "]";
    }
}
