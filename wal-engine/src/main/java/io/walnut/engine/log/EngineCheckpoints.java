package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalState;
import io.walnut.engine.format.CheckpointSlot;
import io.walnut.spi.Metrics;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.WalEvent.UpkeepFailed.Task;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** The checkpoints of an open log: in memory, and written all together by whoever comes first, a call or the interval. */
final class EngineCheckpoints implements Checkpoints {
    private final CheckpointFile file;
    private final Committer committer;
    private final ReadSide readSide;
    private final Failure failure;
    private final Announcer announcer;
    private final Alarm alarm;
    private final Map<String, LongAdder> saves;
    private final LongAdder writes;
    private final LongAdder failures;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantReadWriteLock places = new ReentrantReadWriteLock();
    private final SortedMap<String, Position> positions;
    private long changes;
    private long written;

    EngineCheckpoints(
            CheckpointFile file,
            Map<String, Position> stored,
            Committer committer,
            ReadSide readSide,
            Failure failure,
            Telemetry telemetry,
            Announcer announcer,
            Workers workers,
            long intervalNanos) {
        this.file = file;
        this.committer = committer;
        this.readSide = readSide;
        this.failure = failure;
        this.announcer = announcer;
        this.positions = new TreeMap<>(stored);
        alarm = new Alarm(workers, intervalNanos, this::writeSoon);
        saves = telemetry.counters(Metrics.CHECKPOINT_SAVES);
        writes = telemetry.counter(Metrics.CHECKPOINT_WRITES);
        failures = telemetry.counter(Metrics.CHECKPOINT_FAILURES);
    }

    @Override
    public void save(String name, Position position) {
        CheckpointNames.check(name);
        failure.checkOpen();
        places.readLock().lock();
        try {
            checkPlace(position);
            put(name, position);
        } finally {
            places.readLock().unlock();
        }
        alarm.set();
    }

    private void checkPlace(Position position) {
        if (position.compareTo(readSide.end()) > 0) {
            throw new PositionUnavailableException(
                    "no checkpoint can be saved at " + position + ", which lies beyond the end " + readSide.end(),
                    position,
                    readSide.start(),
                    readSide.end());
        }
        if (position.equals(Position.START)
                || position.equals(readSide.end())
                || position.compareTo(readSide.start()) <= 0
                || readSide.isReaderAt(position)) { // as when a consumer saves after each record
            return;
        }
        try {
            readSide.open(position, ReadOptions.DEFAULT).close(); // throws where no record starts or ends
        } catch (WalCorruptException e) {
            // the damage keeps nobody from remembering a place behind it
        }
    }

    /** Remembers how far the archive is. */
    void archived(Position position) {
        put(ARCHIVED, position);
        alarm.set();
    }

    private void put(String name, Position position) {
        lock.lock();
        try {
            if (!hasRoomFor(name)) {
                throw new WalException(
                        Reason.TOO_MANY_CHECKPOINTS,
                        Outcome.NONE,
                        "there is no room for the checkpoint '" + name + "' beside " + positions.size()
                                + " others; remove those that are not needed any more",
                        null);
            }
            if (!position.equals(positions.put(name, position))) {
                changes++;
            }
        } finally {
            lock.unlock();
        }
        saves.computeIfAbsent(name, key -> new LongAdder()).increment();
    }

    /** There always is for those of the log itself. */
    private boolean hasRoomFor(String name) {
        if (positions.containsKey(name) || name.equals(ARCHIVED)) {
            return true;
        }
        TreeSet<String> names = new TreeSet<>(positions.keySet());
        names.addAll(List.of(name, ARCHIVED, LOST));
        return CheckpointSlot.fits(
                names.size(), names.stream().mapToInt(String::length).sum());
    }

    @Override
    public Optional<Position> load(String name) {
        failure.checkNotClosed();
        lock.lock();
        try {
            return Optional.ofNullable(positions.get(name));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remove(String name) {
        CheckpointNames.checkRemovable(name);
        failure.checkOpen();
        lock.lock();
        try {
            if (positions.remove(name) == null) {
                return;
            }
            changes++;
        } finally {
            lock.unlock();
        }
        saves.remove(name);
        alarm.set();
    }

    @Override
    public Map<String, Position> all() {
        failure.checkNotClosed();
        return snapshot();
    }

    Map<String, Position> snapshot() {
        lock.lock();
        try {
            return Collections.unmodifiableSortedMap(new TreeMap<>(positions));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() {
        failure.checkOpen();
        try {
            write();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private WalException failed(IOException e) {
        announcer.upkeepFailed(Task.CHECKPOINT, failures, readSide.end(), e);
        alarm.set();
        return failure.isFailed()
                ? failure.exception(Outcome.NONE)
                : new WalException(
                        e instanceof StorageFullException ? Reason.DISK_FULL : Reason.IO,
                        Outcome.NONE,
                        "checkpoints could not be written: " + e,
                        e);
    }

    /** {@return a lock under which no position is saved: held while places go away} */
    Lock places() {
        return places.writeLock();
    }

    private void writeSoon() {
        try {
            if (failure.state() == WalState.OPEN) {
                write();
            }
        } catch (WalClosedException e) {
            // closing has written what there was
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            announcer.upkeepFailed(Task.CHECKPOINT, failures, readSide.end(), e);
            alarm.set();
        }
    }

    private void write() throws IOException {
        writing.lock();
        try {
            failure.checkOpen();
            Map<String, Position> now;
            long version;
            lock.lock();
            try {
                version = changes;
                now = version == written ? null : new TreeMap<>(positions);
            } finally {
                lock.unlock();
            }
            if (now == null) {
                file.settle();
                return;
            }
            for (Position each : now.values()) {
                committer.sync(Place.of(each));
            }
            file.write(now);
            writes.increment();
            lock.lock();
            try {
                written = version;
            } finally {
                lock.unlock();
            }
        } finally {
            writing.unlock();
        }
    }

    /** What was cut off the log is no place any more: whoever was there goes on at its end. */
    void cutOff(Position end) {
        lock.lock();
        try {
            if (positions.values().stream().allMatch(position -> position.compareTo(end) <= 0)) {
                return;
            }
            positions.replaceAll(
                    (name, position) -> position.compareTo(end) > 0 ? StoredCheckpoints.cutBack(name, end) : position);
            changes++;
        } finally {
            lock.unlock();
        }
        alarm.set();
    }

    /** Writes nothing by itself any more. */
    void stop() {
        alarm.close();
    }

    /** Waits until nothing is being written, and nothing will be. */
    void end() {
        writing.lock();
        try {
            alarm.close();
        } finally {
            writing.unlock();
        }
    }

    /** {@return what went wrong writing what is not written yet, before the log is closed; null if nothing did} */
    @Nullable
    Throwable writeLast() {
        try {
            write();
            return null;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            announcer.upkeepFailed(Task.CHECKPOINT, failures, readSide.end(), e);
            return e;
        }
    }
}
