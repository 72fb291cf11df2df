package io.walnut.engine.group;

import io.walnut.api.RecoveryReport;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalState;
import io.walnut.engine.log.EngineWal;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The place of one log in its group: open, closed for being idle, or ended. Using an open log costs two looks at fields; a log
 * that is closed while it is used says so before it has done anything, and is then opened again.
 */
final class Slot {
    private final LogGroup group;
    private final String name;

    /** Exclusively held to open and close. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private final AtomicInteger pins = new AtomicInteger();
    private volatile @Nullable EngineWal open;
    private volatile @Nullable RecoveryReport recovered;
    private volatile @Nullable String ended;
    private volatile boolean touched;
    private volatile long usedAt;

    Slot(LogGroup group, String name) {
        this.group = group;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** {@return the log, opened if need be} */
    EngineWal log() {
        EngineWal log = open;
        if (log == null) {
            log = reopen();
        }
        if (!touched) {
            touched = true;
        }
        return log;
    }

    private EngineWal reopen() {
        lock.writeLock().lock();
        try {
            checkNotEnded();
            EngineWal log = open;
            return log != null ? log : openInRoom();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private EngineWal openInRoom() {
        group.room().take();
        boolean opened = false;
        try {
            EngineWal log = group.openLog(name);
            opened = true;
            usedAt = group.now();
            recovered = log.recovery();
            open = log;
            return log;
        } finally {
            if (opened) {
                group.room().opened();
                group.opened();
            } else {
                group.room().notOpened();
            }
        }
    }

    private void close(EngineWal log) {
        open = null;
        group.room().closes();
        try {
            log.close();
        } finally {
            group.room().closed();
        }
    }

    private void checkNotEnded() {
        String why = ended;
        if (why != null) {
            throw new WalClosedException("the log '" + name + "' " + why);
        }
    }

    /**
     * Does something with the log; if that was closed for being idle just then, again with the log opened anew, and kept
     * open meanwhile, so that whoever closes logs all the time keeps nobody from going on.
     */
    <T> T use(Function<EngineWal, T> use) {
        EngineWal log = log();
        try {
            return use.apply(log);
        } catch (WalClosedException e) {
            if (!isIdle(log)) {
                throw e;
            }
        }
        return begin(use);
    }

    /** Begins something that lasts or cannot be repeated, and keeps the log open from then on. */
    <T> T begin(Function<EngineWal, T> use) {
        pins.incrementAndGet(); // whoever closes it now had begun before
        try {
            EngineWal log = log();
            while (!isStillOpen(log)) {
                log = log();
            }
            return use.apply(log);
        } finally {
            pins.decrementAndGet();
            group.trim();
        }
    }

    private boolean isStillOpen(EngineWal log) {
        lock.readLock().lock();
        try {
            checkNotEnded();
            return isSame(log);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** {@return whether a log is not the open one, although its slot has not ended} */
    boolean isIdle(EngineWal log) {
        return !isSame(log) && ended == null;
    }

    @SuppressWarnings("ReferenceEquality") // the very log
    private boolean isSame(EngineWal log) {
        return open == log;
    }

    /** {@return what was found when the log was last opened} */
    RecoveryReport recovery() {
        return Objects.requireNonNull(recovered, "nobody has a log that was never open");
    }

    WalState state() {
        EngineWal log = open;
        return ended != null ? WalState.CLOSED : log == null ? WalState.OPEN : log.state();
    }

    boolean isOpen() {
        return open != null;
    }

    boolean hasEnded() {
        return ended != null;
    }

    /** {@return for how long it was not used} */
    long idleNanos(long now) {
        if (touched) {
            touched = false;
            usedAt = now;
        }
        return now - usedAt;
    }

    /** {@return whether it was not used since that was last asked} */
    boolean isUntouched(long now) {
        boolean untouched = !touched;
        idleNanos(now);
        return untouched;
    }

    /** Closes the log if nobody uses it; does not wait for one that is being opened or closed. */
    boolean closeIfIdle() {
        if (!lock.writeLock().tryLock()) {
            return false;
        }
        try {
            EngineWal log = open;
            if (log == null || pins.get() > 0 || log.inUse() || log.state() != WalState.OPEN) {
                return false;
            }
            close(log);
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Closes the log for good, and then does something, that is told whether it was open, while nobody can open it. */
    void end(String why, Consumer<Boolean> then) {
        checkMayEnd();
        lock.writeLock().lock();
        try {
            if (ended != null) {
                return;
            }
            ended = why;
            EngineWal log = open;
            try {
                if (log != null) {
                    close(log);
                }
            } finally {
                then.accept(log != null); // what it throws matters more
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Refuses to be closed by a plugin for which closing would wait. */
    void checkMayEnd() {
        EngineWal log = open;
        if (log != null) {
            log.checkMayClose();
        }
    }

    private void checkEnded() {
        if (ended == null) {
            throw new IllegalStateException("'" + name + "' has not ended");
        }
    }

    /** Returns when what ends it is done. */
    void awaitEnd() {
        lock.readLock().lock();
        try {
            checkEnded();
        } finally {
            lock.readLock().unlock();
        }
    }
}
