package io.walnut.tck.crash.toy;

import io.walnut.api.Capability;
import io.walnut.api.Durability;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecoveryReport;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalFailedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.api.WalState;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A log as small as can be that keeps every rule, with one {@link Flaw} if wanted. For one thread. Each life writes a
 * segment of its own; a segment is complete and durable before the next one is begun.
 */
public final class ToyLog implements Wal {
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final byte[] NOTHING = {};

    private final Storage storage;
    private final Flaw flaw;
    private final boolean forces;
    private final StorageLock lock;
    private final List<ToyRecord> records;
    private final List<ToySegment> segments;
    private final RecoveryReport report;
    private final long id;
    private ToyMark mark;
    private StorageFile active;
    private long nextSequence;
    private long nextSegment;
    private int durable;
    private boolean forceDue;
    private boolean closed;
    private Throwable failure;

    private ToyLog(Storage storage, Flaw flaw, boolean forces, StorageLock lock) throws IOException {
        this.storage = storage;
        this.flaw = flaw;
        this.forces = forces;
        this.lock = lock;
        mark = ToyMark.read(storage);
        ToyRecovery recovery = new ToyRecovery(storage, flaw);
        recovery.run(mark);
        id = recovery.id();
        records = recovery.records;
        segments = recovery.segments;
        nextSequence = recovery.nextSequence;
        nextSegment = flaw == Flaw.REUSES_NUMBERS ? Math.max(1, segments.size()) : recovery.nextSegment;
        durable = records.size();
        boolean clean = recovery.clean;
        report = new RecoveryReport(
                clean,
                segments.size(),
                clean ? 0 : segments.size(),
                0,
                records.size() + (flaw == Flaw.REPORTS_WRONGLY ? 1 : 0),
                records.isEmpty() ? 0 : records.get(0).sequence(),
                nextSequence - 1,
                end(),
                Optional.empty(),
                List.of(),
                Duration.ZERO);
    }

    /** Opens a log; an append forces or merely writes. */
    public static Wal open(Storage storage, Flaw flaw, boolean forces) {
        StorageLock lock = null;
        try {
            lock = flaw == Flaw.LOCKS_NOTHING ? null : storage.lock("LOCK");
            ToyLog log = new ToyLog(storage, flaw, forces, lock);
            lock = null;
            return log;
        } catch (IOException e) {
            throw new WalException(Reason.IO, Outcome.NONE, "cannot open: " + e, e);
        } finally {
            if (lock != null) {
                free(lock);
            }
        }
    }

    private static void free(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new WalClosedException("closed");
        }
        if (failure != null) {
            throw new WalFailedException(Outcome.REJECTED, "failed: " + failure, failure);
        }
    }

    private WalException fail(Outcome outcome, Throwable e) {
        if (flaw == Flaw.TELLS_NO_OUTCOME) {
            throw new IllegalStateException(e);
        }
        failure = failure == null ? e : failure;
        return new WalFailedException(outcome, "failed: " + e, failure);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> batch) {
        return append(batch, forces);
    }

    private List<Position> append(List<WalRecord> batch, boolean force) {
        checkOpen();
        Outcome outcome = Outcome.REJECTED;
        try {
            if (forceDue) {
                active.force();
            }
            List<ByteBuffer> frames = new ArrayList<>();
            int size = 0;
            for (int i = 0; i < batch.size(); i++) {
                WalRecord record = batch.get(i);
                boolean put = record.kind() == WalRecord.Kind.PUT;
                frames.add(ToyFrame.of(
                        put ? ToyFrame.PUT : ToyFrame.DELETE,
                        i == batch.size() - 1,
                        bytes(record.key()),
                        put ? bytes(record.value()) : NOTHING));
                size += frames.get(i).limit();
            }
            prepare(size);
            outcome = flaw == Flaw.REJECTS_WHAT_IT_WROTE ? Outcome.REJECTED : Outcome.INDETERMINATE;
            List<Position> positions = write(batch, frames, size);
            forceDue = force && flaw == Flaw.FORCES_WITH_THE_NEXT_APPEND;
            if ((force && !forceDue) || flaw == Flaw.FORCES_NEEDLESSLY) {
                force();
            }
            return positions;
        } catch (IOException | OutOfMemoryError e) {
            throw fail(outcome, e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private List<Position> write(List<WalRecord> batch, List<ByteBuffer> frames, int size) throws IOException {
        ToySegment segment = last();
        ByteBuffer all = ByteBuffer.allocate(size);
        List<ToyRecord> added = new ArrayList<>();
        int check = segment.lastCheck;
        long sequence = nextSequence;
        long from = segment.end;
        for (int i = 0; i < frames.size(); i++) {
            ByteBuffer frame = frames.get(i);
            long at = from + all.position();
            check = ToyFrame.check(flaw, segment.number, at, sequence, check, frame);
            frame.putInt(4, check);
            added.add(new ToyRecord(
                    new Position(segment.number, at),
                    new Position(segment.number, at + frame.limit()),
                    sequence++,
                    i == frames.size() - 1,
                    batch.get(i)));
            all.put(frame.duplicate());
        }
        active.write(all.flip(), from);
        segment.end = from + size;
        segment.lastCheck = check;
        nextSequence = sequence;
        records.addAll(added);
        return added.stream().map(ToyRecord::position).toList();
    }

    private ToySegment last() {
        return segments.get(segments.size() - 1);
    }

    private void prepare(int size) throws IOException {
        boolean inPlace = flaw == Flaw.APPENDS_IN_PLACE_WITHOUT_LINKS || flaw == Flaw.APPENDS_BEHIND_A_TORN_TAIL;
        if (active == null && inPlace && !segments.isEmpty()) {
            active = storage.open(last().name());
        }
        if (active != null && (last().end == ToySegment.HEAD || last().end + size <= SEGMENT_BYTES)) {
            return;
        }
        finish();
        ToySegment next = new ToySegment(nextSegment++, nextSequence);
        ByteBuffer head = ByteBuffer.allocate(ToySegment.HEAD);
        head.putLong(ToySegment.MAGIC).putLong(next.number).putLong(next.baseSequence);
        head.putLong(ToyRecovery.headCheck(head, id)).flip();
        String temporary = next.name() + ".new";
        if (flaw == Flaw.REUSES_NUMBERS) {
            storage.delete(next.name());
        }
        storage.delete(temporary);
        try (StorageFile file = storage.create(temporary)) {
            file.write(head, 0);
            if (flaw != Flaw.RENAMES_BEFORE_FORCE) {
                file.force();
            }
        }
        storage.rename(temporary, next.name());
        active = storage.open(next.name());
        if (flaw == Flaw.RENAMES_BEFORE_FORCE) {
            active.force();
        }
        if (flaw != Flaw.NAMES_WITHOUT_DIRECTORY_FORCE) {
            storage.forceDirectory();
        }
        segments.add(next);
    }

    private void finish() throws IOException {
        StorageFile old = active;
        if (old != null) {
            if (flaw != Flaw.FORCES_NOTHING) {
                force();
            }
            active = null;
            if (flaw != Flaw.LEAVES_FILES_OPEN) {
                old.close();
            }
        }
    }

    private void force() throws IOException {
        if (active != null && flaw != Flaw.FORCES_NOTHING) {
            try {
                active.force();
            } catch (IOException e) {
                if (flaw != Flaw.RETRIES_A_FAILED_FORCE) {
                    throw e;
                }
                active.force();
            }
        }
        durable = records.size();
    }

    @Override
    public Position sync() {
        checkOpen();
        try {
            force();
            return end();
        } catch (IOException | OutOfMemoryError e) {
            throw fail(Outcome.NONE, e);
        }
    }

    @Override
    public int deleteSegmentsBefore(Position position) {
        checkOpen();
        try {
            if (position.equals(end())) {
                finish();
            }
            int count = 0;
            while (count < segments.size() - (active == null ? 0 : 1)
                    && new Position(segments.get(count).number, segments.get(count).end).compareTo(position) <= 0) {
                count++;
            }
            if (count > 0) {
                force();
                List<ToySegment> gone = List.copyOf(segments.subList(0, count));
                long low = count < segments.size() ? segments.get(count).number : nextSegment;
                long sequence = count < segments.size() ? segments.get(count).baseSequence : nextSequence;
                mark = new ToyMark(mark.generation() + 1, low, sequence, nextSegment, nextSequence);
                if (flaw != Flaw.DELETES_WITHOUT_A_MARK) {
                    mark.write(storage);
                }
                for (ToySegment segment : gone) {
                    storage.delete(segment.name());
                }
                segments.removeAll(gone);
                records.removeIf(record -> record.position().segment() < low);
            }
            return count;
        } catch (IOException | OutOfMemoryError e) {
            throw fail(Outcome.NONE, e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            if (failure == null && active != null) {
                ByteBuffer frame = ToyFrame.of(ToyFrame.CLOSED, true, NOTHING, NOTHING);
                ToySegment segment = last();
                frame.putInt(
                        4, ToyFrame.check(flaw, segment.number, segment.end, nextSequence, segment.lastCheck, frame));
                active.write(frame, segment.end);
                if (flaw != Flaw.CLOSES_WITHOUT_FORCE) {
                    force();
                    mark = mark.withDurable(nextSequence);
                    mark.write(storage);
                }
            }
        } catch (IOException | OutOfMemoryError e) {
            failure = e;
        }
        closed = true;
        if (active != null && flaw != Flaw.LEAVES_FILES_OPEN) {
            free(active);
        }
        if (lock != null) {
            free(lock);
        }
        if (failure != null) {
            throw new WalFailedException(Outcome.NONE, "failed: " + failure, failure);
        }
    }

    @Override
    public WalReader read(Position from, ReadOptions options) {
        int first = 0;
        while (first < records.size() && records.get(first).position().compareTo(from) < 0) {
            first++;
        }
        if (from.compareTo(end()) > 0) {
            throw new PositionUnavailableException("beyond the end", from, start(), end());
        }
        List<ToyRecord> readable = failure == null ? records : records.subList(0, Math.min(durable, records.size()));
        return new ToyReader(List.copyOf(readable), Math.min(first, readable.size()));
    }

    @Override
    public Position append(WalRecord record) {
        return appendBatch(List.of(record)).get(0);
    }

    @Override
    public Position append(byte[] key, byte[] value) {
        return append(WalRecord.put(key, value));
    }

    @Override
    public Position append(WalRecord record, Durability durability) {
        return appendBatch(List.of(record), durability).get(0);
    }

    @Override
    public List<Position> appendBatch(List<WalRecord> batch, Durability durability) {
        return append(batch, durability == Durability.DEVICE);
    }

    @Override
    public CompletableFuture<Position> appendAsync(WalRecord record) {
        return appendBatchAsync(List.of(record)).thenApply(positions -> positions.get(0));
    }

    @Override
    public CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> batch) {
        try {
            return CompletableFuture.completedFuture(append(batch, true));
        } catch (WalException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Position start() {
        return records.isEmpty() ? end() : records.get(0).position();
    }

    @Override
    public Position end() {
        return records.isEmpty() ? emptyEnd() : records.get(records.size() - 1).next();
    }

    /** Behind everything that was deleted. */
    private Position emptyEnd() {
        return nextSegment == 1 ? Position.START : new Position(nextSegment, 0);
    }

    @Override
    public Position durableEnd() {
        return durable == 0 || records.isEmpty()
                ? emptyEnd()
                : records.get(durable - 1).next();
    }

    @Override
    public List<SegmentInfo> segments() {
        List<SegmentInfo> infos = new ArrayList<>();
        for (ToySegment each : segments) {
            Position end = new Position(each.number, each.end);
            Position start = new Position(each.number, ToySegment.HEAD);
            infos.add(new SegmentInfo(
                    each.number,
                    each.name(),
                    start,
                    end,
                    each.baseSequence,
                    0,
                    each.end,
                    each != last() || active == null,
                    Instant.EPOCH,
                    Optional.empty()));
        }
        return infos;
    }

    @Override
    public RecoveryReport recovery() {
        return report;
    }

    @Override
    public WalState state() {
        return closed ? WalState.CLOSED : failure != null ? WalState.FAILED : WalState.OPEN;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }
}
