package io.walnut.tck.wal;

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
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

/** A log under test, whose reference log is told everything that it says. */
final class ShadowedWal implements Wal {
    private final Wal wal;
    private final ReferenceLog reference;
    private volatile boolean closed;
    private final Queue<CompletableFuture<?>> told = new ConcurrentLinkedQueue<>();

    ShadowedWal(Wal wal, ReferenceLog reference) {
        this.wal = wal;
        this.reference = reference;
    }

    @Override
    public Position append(WalRecord record) {
        return now(List.of(record), () -> wal.append(record), List::of);
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        return now(List.of(WalRecord.put(key.clone(), value.clone())), () -> wal.append(key, value), List::of);
    }

    @Override
    public Position append(WalRecord record, Durability durability) {
        return now(List.of(record), () -> wal.append(record, durability), List::of);
    }

    @Override
    public Position append(WalRecord record, InputStream value, long length) {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        InputStream watched = new FilterInputStream(value) {
            @Override
            public int read() throws IOException {
                int next = super.read();
                if (next >= 0) {
                    taken.write(next);
                }
                return next;
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                int got = super.read(target, offset, count);
                taken.write(target, offset, Math.max(0, got));
                return got;
            }
        };
        Position position;
        try {
            position = wal.append(record, watched, length);
        } catch (RuntimeException | Error e) {
            failed(List.of(record.withValue(taken.toByteArray())), e);
            throw e;
        }
        reference.acknowledged(position, record.withValue(taken.toByteArray()));
        return position;
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records) {
        return now(records, () -> wal.appendBatch(records), Function.identity());
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records, Durability durability) {
        return now(records, () -> wal.appendBatch(records, durability), Function.identity());
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        return later(List.of(record), () -> wal.appendAsync(record), List::of);
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records) {
        return later(records, () -> wal.appendBatchAsync(records), Function.identity());
    }

    /** Waits until the reference log has been told how every asynchronous append ended. */
    void settle() {
        told.forEach(CompletableFuture::join);
    }

    private <T> T now(List<WalRecord> records, Supplier<T> append, Function<T, List<Position>> positions) {
        List<WalRecord> copies = records.stream().map(ShadowedWal::copy).toList();
        try {
            T result = append.get();
            acknowledged(positions.apply(result), copies);
            return result;
        } catch (WalException e) {
            failed(copies, e);
            throw e;
        }
    }

    private <T> CompletableFuture<T> later(
            List<WalRecord> records, Supplier<CompletableFuture<T>> append, Function<T, List<Position>> positions) {
        List<WalRecord> copies = records.stream().map(ShadowedWal::copy).toList();
        CompletableFuture<T> future = append.get();
        told.add(future.handle((result, failure) -> {
            if (failure == null) {
                acknowledged(positions.apply(result), copies);
            } else {
                failed(copies, failure);
            }
            return null;
        }));
        return future;
    }

    private void acknowledged(List<Position> positions, List<WalRecord> records) {
        if (positions.size() != records.size()) {
            throw new AssertionError(records.size() + " records have " + positions.size() + " positions");
        }
        for (int i = 0; i < positions.size(); i++) {
            reference.acknowledged(positions.get(i), records.get(i));
        }
    }

    /** Whatever does not say that it was rejected may be there. */
    private void failed(List<WalRecord> records, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (!(cause instanceof WalException e && e.outcome() == WalException.Outcome.REJECTED)) {
            reference.uncertain(records);
        }
    }

    private static WalRecord copy(WalRecord record) {
        WalRecord copy = record.kind() == WalRecord.Kind.DELETE
                ? WalRecord.delete(record.keyBytes())
                : WalRecord.put(record.keyBytes(), record.valueBytes());
        copy = record.ttl().isPresent() ? copy.withTtl(record.ttl().get()) : copy;
        copy = record.timestamp().isPresent()
                ? copy.withTimestamp(record.timestamp().get())
                : copy;
        return record.version().isPresent()
                ? copy.withVersion(
                        record.version().get().term(), record.version().get().index())
                : copy;
    }

    @Override
    public Position sync() {
        Position end = wal.sync();
        reference.durable(end);
        return end;
    }

    @Override
    public long nextSequence() {
        return wal.nextSequence();
    }

    @Override
    public Position positionOf(long sequence) {
        return wal.positionOf(sequence);
    }

    @Override
    public Position positionAt(Instant time) {
        return wal.positionAt(time);
    }

    @Override
    public Position start() {
        return wal.start();
    }

    @Override
    public Position end() {
        return wal.end();
    }

    @Override
    public Position durableEnd() {
        Position end = wal.durableEnd();
        reference.durable(end);
        return end;
    }

    @Override
    public WalReader read(Position from, ReadOptions options) {
        return wal.read(from, options);
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options) {
        return wal.publisher(from, options);
    }

    @Override
    public Flow.Publisher<Entry> publisher(Position from, ReadOptions options, Executor executor) {
        return wal.publisher(from, options, executor);
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        int count = wal.deleteSegmentsBefore(position);
        reference.deleted(position, wal.start());
        return count;
    }

    @Override
    public Checkpoints checkpoints() {
        return wal.checkpoints();
    }

    @Override
    public Position truncateAfter(Position position) {
        Position end = wal.truncateAfter(position);
        reference.truncated(position, end);
        return end;
    }

    @Override
    public Position backup(Path directory) {
        return wal.backup(directory);
    }

    @Override
    public List<SegmentInfo> segments() {
        return wal.segments();
    }

    @Override
    public RecoveryReport recovery() {
        return wal.recovery();
    }

    @Override
    public WalState state() {
        return wal.state();
    }

    @Override
    public Set<Capability> capabilities() {
        return wal.capabilities();
    }

    @Override
    public void close() {
        wal.close();
        settle();
        closed = true;
    }

    /** {@return whether nothing can come from it any more} */
    boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return wal.toString();
    }
}
