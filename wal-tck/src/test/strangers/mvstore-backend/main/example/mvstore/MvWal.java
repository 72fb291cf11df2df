package example.mvstore;

import io.walnut.api.Capability;
import io.walnut.api.Durability;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.RecoveryReport;
import io.walnut.api.SegmentInfo;
import io.walnut.api.UnknownCodecException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** A log in a store. One thread of its own does all that touches the store, so no interrupt reaches it. */
final class MvWal implements Wal {
    private final ExecutorService store = Executors.newSingleThreadExecutor(MvWal::daemon);
    private final ExecutorService own = Executors.newSingleThreadExecutor(MvWal::daemon);
    private final Executor completions;
    private final MvLog log;
    private final int maxKeyBytes;
    private final int maxValueBytes;
    private final Instant opened = Instant.now();
    private final RecoveryReport report;
    private volatile long durable;
    private volatile boolean closed;

    MvWal(MvLog log, int maxKeyBytes, int maxValueBytes, Optional<Executor> executor) {
        this.log = log;
        this.maxKeyBytes = maxKeyBytes;
        this.maxValueBytes = maxValueBytes;
        completions = executor.orElse(own);
        long last = log.last();
        durable = last;
        report = new RecoveryReport(
                log.clean(), last == 0 ? 0 : 1, 0, 0, last, Math.min(1, last), last, place(last + 1), Optional.empty(),
                List.of(), Duration.ZERO);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "mvstore");
        thread.setDaemon(true);
        return thread;
    }

    static Position place(long sequence) {
        return new Position(1, sequence);
    }

    /** Does something on the thread of the store. */
    <T> T inStore(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                checkOpen();
                                return work.get();
                            },
                            store)
                    .join();
        } catch (RejectedExecutionException e) {
            throw new WalClosedException("the log is closed");
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    void checkOpen() {
        if (closed) {
            throw new WalClosedException("the log is closed");
        }
    }

    byte[] get(long sequence) {
        return inStore(() -> log.get(sequence));
    }

    private List<Position> append(List<WalRecord> records, boolean force) {
        List<byte[]> encoded = records.stream().map(this::encode).toList();
        return inStore(() -> {
            long first = log.last() + 1;
            if (!encoded.isEmpty()) {
                log.append(encoded);
            }
            if (force) {
                force();
            }
            return LongStream.range(first, first + encoded.size())
                    .mapToObj(MvWal::place)
                    .toList();
        });
    }

    private byte[] encode(WalRecord record) {
        if (record.key().remaining() > maxKeyBytes) {
            throw new RecordTooLargeException("a key is longer than wal.record.max.key.bytes=" + maxKeyBytes);
        }
        if (record.value().remaining() > maxValueBytes) {
            throw new RecordTooLargeException("a value is longer than wal.record.max.value.bytes=" + maxValueBytes);
        }
        if (!record.codec().orElse("none").equals("none")) {
            throw new UnknownCodecException(
                    Outcome.REJECTED, "there is no codec " + record.codec().get() + ", only none");
        }
        return MvRecords.encode(record);
    }

    private Position force() {
        log.sync();
        durable = log.last();
        return place(durable + 1);
    }

    @Override
    public Position append(WalRecord record) {
        return append(List.of(record), false).get(0);
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        return append(WalRecord.put(key, value));
    }

    @Override
    public Position append(WalRecord record, Durability durability) {
        return append(List.of(record), durability == Durability.DEVICE).get(0);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records) {
        return append(records, false);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> records, Durability durability) {
        return append(records, durability == Durability.DEVICE);
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        return appendBatchAsync(List.of(record)).thenApply(positions -> positions.get(0));
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records) {
        CompletableFuture<List<Position>> future = new CompletableFuture<>();
        try {
            List<byte[]> encoded = records.stream().map(this::encode).toList();
            inStore(() -> {
                long first = log.last() + 1;
                if (!encoded.isEmpty()) {
                    log.append(encoded);
                }
                force();
                List<Position> positions = LongStream.range(first, first + encoded.size())
                        .mapToObj(MvWal::place)
                        .toList();
                completions.execute(() -> future.complete(positions));
                return null;
            });
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
        return future;
    }

    @Override
    public Position sync() {
        return inStore(this::force);
    }

    @Override
    public Position start() {
        return place(1);
    }

    @Override
    public Position end() {
        return place(inStore(log::last) + 1);
    }

    @Override
    public Position durableEnd() {
        return place(durable + 1);
    }

    @Override
    public WalReader read(Position from, ReadOptions options) {
        Position end = end();
        boolean there = from.equals(Position.START)
                || from.segment() == 1 && from.offset() >= 1 && from.compareTo(end) <= 0;
        if (!there) {
            throw new PositionUnavailableException("there is no record at " + from, from, start(), end);
        }
        return new MvReader(this, Math.max(1, from.offset()));
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        checkOpen();
        throw new UnsupportedOperationException("nothing is ever deleted");
    }

    @Override
    public List<SegmentInfo> segments() {
        long last = inStore(log::last);
        return last == 0
                ? List.of()
                : List.of(new SegmentInfo(
                        1, "log.mv", start(), place(last + 1), 1, last, last, false, opened, Optional.of(opened)));
    }

    @Override
    public RecoveryReport recovery() {
        return report;
    }

    @Override
    public WalState state() {
        return closed ? WalState.CLOSED : WalState.OPEN;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.ATOMIC_BATCHES, Capability.DURABILITY_PER_APPEND);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            inStore(() -> {
                log.close();
                closed = true;
                return null;
            });
            store.shutdown();
            own.shutdown();
        }
    }
}
