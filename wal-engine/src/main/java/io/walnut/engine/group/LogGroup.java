package io.walnut.engine.group;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalGroup;
import io.walnut.engine.log.Alarm;
import io.walnut.engine.log.Closing;
import io.walnut.engine.log.EngineWal;
import io.walnut.engine.log.LogFiles;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.log.Workers;
import io.walnut.engine.stream.Streams;
import io.walnut.engine.stream.UnopenedLog;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The logs under one root. Opens them when they are used, and closes those that are not. */
public final class LogGroup implements WalGroup {
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");
    private static final long LONGEST_SWEEP = TimeUnit.SECONDS.toNanos(5);
    private static final long TRIM_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Storage root;
    private final StorageLock lock;
    private final Removal removal;
    private final Logs logs;
    private final Limits limits;
    private final Workers workers;
    private final @Nullable Executor subscribers;
    private final Executor chores;
    private final Alarm sweeping;
    private final LongSupplier nanoTime;
    private final Runnable release;
    private final ConcurrentHashMap<String, GroupedWal> wals = new ConcurrentHashMap<>();
    private final Set<String> halfRemoved = ConcurrentHashMap.newKeySet();
    private final Room room;
    private final Alarm trimming;
    private final Closing closing = new Closing();

    /**
     * What a group keeps to.
     *
     * @param idle after how long an unused log is closed; zero for never
     * @param openMax how many logs are open, those in use not counted
     */
    public record Limits(Duration idle, int openMax) {}

    /**
     * Opens a group, and finishes removals that were begun.
     *
     * @param root where the logs are; closed with the group
     * @param logs opens one of them
     * @param workers their threads
     * @param subscribers calls those whose log cannot be opened; null for threads of the group
     * @param chores closes logs
     * @param nanoTime measures how long a log was not used
     * @param release frees the threads, when the group is closed
     * @throws IOException if it cannot be opened; the caller then closes what it gave
     */
    public LogGroup(
            Storage root,
            Logs logs,
            Limits limits,
            Workers workers,
            @Nullable Executor subscribers,
            Executor chores,
            LongSupplier nanoTime,
            Runnable release)
            throws IOException {
        this.root = root;
        this.logs = logs;
        this.limits = limits;
        this.workers = workers;
        this.subscribers = subscribers;
        this.chores = chores;
        this.nanoTime = nanoTime;
        this.release = release;
        sweeping = new Alarm(
                Workers.on(chores, workers::schedule), Math.min(LONGEST_SWEEP, limits.idle.toNanos()), this::sweep);
        room = new Room(limits.openMax, this::closeOne);
        trimming = new Alarm(Workers.on(chores, workers::schedule), TRIM_NANOS, this::trim);
        removal = new Removal(root);
        lock = root.lock(LogFiles.LOCK);
        boolean opened = false;
        try {
            checkNoLog();
            for (String name : removal.begun()) {
                removal.finish(name);
            }
            opened = true;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    private void checkNoLog() throws IOException {
        for (String file : root.list()) {
            if (file.equals(StateFile.NAME) || Segment.numberOf(file) > 0) {
                throw new WalConfigException(
                        List.of(
                                "wal.dir: in " + root.location()
                                        + " there is a log, and so no group of logs: open it with Wal.open, or choose another directory"));
            }
        }
    }

    @Override
    public Wal wal(String name) {
        LogName.check(name);
        while (true) {
            GroupedWal wal = notEnded(name);
            try {
                wal.slot().log();
                return wal;
            } catch (WalClosedException e) {
                if (!wal.slot().hasEnded()) {
                    throw e;
                }
            }
        }
    }

    private GroupedWal notEnded(String name) {
        while (true) {
            checkOpen();
            GroupedWal wal = wals.computeIfAbsent(name, each -> new GroupedWal(this, new Slot(this, each)));
            if (!wal.slot().hasEnded()) {
                return wal;
            }
            wal.slot().awaitEnd();
            wals.remove(name, wal);
        }
    }

    private void checkOpen() {
        if (closing.hasBegun()) {
            throw new WalClosedException("the group in " + root.location() + " is closed");
        }
    }

    @Override
    public Set<String> names() {
        try {
            Set<String> names = new TreeSet<>(root.directories());
            names.removeIf(name -> !LogName.isValid(name));
            names.removeAll(halfRemoved);
            for (String name : List.copyOf(names)) {
                if (!removal.isThere(name)) { // files of others, perhaps beside a log that was dropped
                    names.remove(name);
                }
            }
            wals.values().stream()
                    .map(GroupedWal::slot)
                    .filter(Slot::isOpen)
                    .map(Slot::name)
                    .forEach(names::add);
            return Collections.unmodifiableSet(names);
        } catch (IOException e) {
            throw failed("the logs cannot be listed", e);
        }
    }

    @Override
    public int openLogs() {
        return room.taken();
    }

    @Override
    public int closeIdle(Duration idle) {
        long now = now();
        long least = idle.toNanos();
        int count = 0;
        for (GroupedWal wal : wals.values()) {
            if (wal.slot().isOpen() && wal.slot().idleNanos(now) >= least && closeIfIdle(wal.slot())) {
                count++;
            }
        }
        return count;
    }

    private static boolean closeIfIdle(Slot slot) {
        try {
            return slot.closeIfIdle();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "wal.group.close.failed log=" + slot.name(), e);
            return true;
        }
    }

    /** Closes a log that is not in use, and was not used since the last look if there is such; {@return whether there was one} */
    private boolean closeOne() {
        for (boolean touched : new boolean[] {false, true}) {
            long now = now();
            for (GroupedWal wal : wals.values()) {
                Slot slot = wal.slot();
                if (slot.isOpen() && (touched || slot.isUntouched(now)) && closeIfIdle(slot)) {
                    return true;
                }
            }
        }
        return false;
    }

    EngineWal openLog(String name) {
        checkOpen();
        if (halfRemoved.contains(name)) {
            remove(name);
        }
        return logs.open(name);
    }

    /** Only for whoever keeps the log from being opened. */
    private void remove(String name) {
        halfRemoved.add(name);
        try {
            removal.remove(name);
        } catch (IOException e) {
            throw failed("the log '" + name + "' was dropped, but not all of it is removed", e);
        }
        halfRemoved.remove(name);
    }

    Room room() {
        return room;
    }

    /** A log was opened. */
    void opened() {
        sweepLater();
        if (room.isExceeded()) {
            trimming.set();
        }
    }

    /** Closes what is not in use, while more logs are open than may be; looks again later if that is not enough. */
    void trim() {
        while (room.isExceeded()) {
            if (!closeOne()) {
                trimming.set();
                return;
            }
        }
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** {@return calls subscribers; null for threads of the group} */
    @Nullable
    Executor subscribers() {
        return subscribers;
    }

    /** {@return a publisher that has no log, and tells why} */
    Flow.Publisher<Entry> publisherOfNone(String name, RuntimeException why, @Nullable Executor executor) {
        return new Streams(new UnopenedLog(why), name, workers, workers.handovers())
                .publisher(Position.START, ReadOptions.DEFAULT, executor);
    }

    private void sweepLater() {
        if (!limits.idle.isZero()) {
            sweeping.set();
        }
    }

    private void sweep() {
        closeIdle(limits.idle);
        if (room.taken() > 0) {
            sweepLater();
        }
    }

    void close(GroupedWal wal) {
        wal.slot().end("is closed", open -> {});
        wals.remove(wal.slot().name(), wal);
    }

    @Override
    public boolean drop(String name) {
        LogName.check(name);
        while (true) {
            Drop drop = new Drop(notEnded(name));
            drop.run();
            if (drop.ran) {
                return drop.there;
            }
        }
    }

    private boolean isThere(String name) {
        try {
            return removal.isThere(name);
        } catch (IOException e) {
            throw failed("the log '" + name + "' cannot be dropped", e);
        }
    }

    private final class Drop {
        private final GroupedWal wal;
        private boolean ran;
        private boolean there;
        private boolean removed;

        Drop(GroupedWal wal) {
            this.wal = wal;
        }

        void run() {
            String name = wal.slot().name();
            try {
                wal.slot().end("was dropped", this::removeIfThere);
            } catch (RuntimeException | Error e) {
                if (!removed) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, "wal.group.close.failed log=" + name, e);
            } finally {
                wals.remove(name, wal);
            }
        }

        private void removeIfThere(boolean open) {
            ran = true;
            String name = wal.slot().name();
            there = open || halfRemoved.contains(name) || isThere(name);
            if (there) {
                remove(name);
            }
            removed = true;
        }
    }

    private WalException failed(String what, IOException e) {
        return new WalException(Reason.IO, Outcome.NONE, what + " in " + root.location() + ": " + e, e);
    }

    @Override
    public void close() {
        wals.values().forEach(wal -> wal.slot().checkMayEnd());
        closing.once(this::closeAll);
    }

    @SuppressWarnings("ReferenceEquality") // nothing can be suppressed in itself
    private void closeAll() {
        sweeping.close();
        trimming.close();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        closeLogs(wals.values(), failures);
        release.run();
        try {
            lock.close();
            root.close();
        } catch (IOException e) {
            failures.add(failed("closing the group", e));
        }
        Throwable first = failures.poll();
        if (first != null) {
            failures.stream().filter(each -> each != first).forEach(first::addSuppressed);
            if (first instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) first;
        }
    }

    /** Many at a time, since each waits for the device; the calling thread does its part, and all if others have no time. */
    private void closeLogs(Collection<GroupedWal> all, Queue<Throwable> failures) {
        Queue<GroupedWal> left = new ConcurrentLinkedQueue<>(all);
        CountDownLatch done = new CountDownLatch(left.size());
        Runnable help = () -> {
            for (GroupedWal wal = left.poll(); wal != null; wal = left.poll()) {
                try {
                    close(wal);
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                } finally {
                    done.countDown();
                }
            }
        };
        for (int i = 0; i < Math.min(left.size() / 2, 32); i++) {
            Workers.executeOrRun(chores, help);
        }
        help.run();
        boolean interrupted = false;
        while (done.getCount() > 0) {
            try {
                done.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "WalGroup[" + root.location() + "]";
    }
}
