package io.walnut.tck.disk;

import io.walnut.api.WalLockedException;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the views and handles of one simulated disk share: the model, the log of what was done, the faults, the lock. */
final class DiskCore {
    /** An operation with what it did. */
    record Logged(Operation operation, Change change) {}

    /** Something that gives a result. */
    interface Call<T, E extends Exception> {
        T run() throws E;
    }

    /** Something that gives none. */
    interface Step<E extends Exception> {
        void run() throws E;
    }

    private final ReentrantLock lock = new ReentrantLock();
    final DiskModel model;
    private final DiskModel origin;
    private final List<Logged> log = new ArrayList<>();
    private final List<SimulatedRegion> regions = new ArrayList<>();
    private final List<Integer> opened = new ArrayList<>();
    private @Nullable Fault fault;
    private int calls;
    private @Nullable Operation failedForce;
    private final Set<String> locked = new HashSet<>();

    DiskCore(DiskModel model) {
        this.model = model;
        this.origin = model.copy();
    }

    /** Does something while nobody else does anything to the disk. */
    <T, E extends Exception> T exclusively(Call<T, E> call) throws E {
        lock.lock();
        try {
            return call.run();
        } finally {
            lock.unlock();
        }
    }

    <E extends Exception> void exclusively(Step<E> step) throws E {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    int operations() {
        return log.size();
    }

    int calls() {
        return calls;
    }

    @Nullable
    Operation failedForce() {
        return failedForce;
    }

    List<Operation> trace() {
        return log.stream().map(Logged::operation).toList();
    }

    DiskHistory history() {
        return new DiskHistory(origin.copy(), List.copyOf(log));
    }

    void inject(@Nullable Fault next) {
        fault = next;
        calls = 0;
    }

    void add(SimulatedRegion region) {
        regions.add(region);
    }

    void remove(SimulatedRegion region) {
        regions.remove(region);
    }

    void opened(int inode) {
        opened.add(inode);
    }

    void closed(int inode) {
        opened.remove(Integer.valueOf(inode));
    }

    int handles() {
        return opened.size();
    }

    boolean isOpen(int inode) {
        return opened.contains(inode);
    }

    /** Finds what was stored into mapped memory. */
    void observe() {
        for (SimulatedRegion region : regions) {
            Inode file = model.inode(region.inode());
            ByteBuffer here = region.view(file.size);
            ByteBuffer there = ByteBuffer.wrap(file.current, 0, file.size)
                    .position(Math.min(region.from(), file.size))
                    .slice()
                    .limit(here.remaining());
            int first = here.mismatch(there);
            if (first >= 0) {
                int last = there.remaining() - 1;
                while (here.get(last) == there.get(last)) {
                    last--;
                }
                byte[] bytes = new byte[last + 1 - first];
                here.get(first, bytes);
                int from = region.from() + first;
                Operation stored =
                        new Operation(log.size(), Operation.Kind.STORE, region.name(), from, bytes.length, "");
                done(stored, (target, index) -> target.inode(region.inode()).write(index, from, bytes));
                for (SimulatedRegion other : regions) {
                    if (other.inode() == region.inode()) {
                        other.changed(from, bytes);
                    }
                }
            }
        }
    }

    /** Has what was written to a file, or cut off it, seen in the memory that maps it. */
    void refresh(int inode) {
        for (SimulatedRegion region : regions) {
            if (region.inode() == inode) {
                region.load(model.inode(inode));
            }
        }
    }

    /**
     * Does something, or fails.
     *
     * @param change what to do
     * @param instead what is done if it fails
     */
    void perform(Operation.Kind kind, String file, long offset, long length, String note, Change change, Change instead)
            throws IOException {
        perform(kind, file, offset, length, note, change, instead, Change.NOTHING);
    }

    void perform(
            Operation.Kind kind,
            String file,
            long offset,
            long length,
            String note,
            Change change,
            Change instead,
            Change half)
            throws IOException {
        observe();
        Fault.Kind injected = next(kind);
        if (injected == null) {
            done(new Operation(log.size(), kind, file, offset, length, note), change);
            return;
        }
        Operation operation = new Operation(log.size(), kind, file, offset, length, note + " !" + injected);
        switch (injected) {
            case INTERRUPT -> {
                Thread.currentThread().interrupt();
                done(operation, change);
            }
            case MEMORY -> {
                failed(operation, Change.NOTHING);
                throw new OutOfMemoryError("injected: " + operation);
            }
            case ERROR, SHORT_ERROR -> {
                failed(operation, injected == Fault.Kind.SHORT_ERROR ? both(half, instead) : instead);
                throw new IOException("injected: input/output error: " + operation);
            }
            default -> {
                failed(operation, injected == Fault.Kind.SHORT_FULL ? both(half, instead) : instead);
                throw new StorageFullException("injected: no space left on device: " + operation, null);
            }
        }
    }

    private static Change both(Change one, Change other) {
        return (target, index) -> {
            one.apply(target, index);
            other.apply(target, index);
        };
    }

    private void failed(Operation operation, Change change) {
        if (operation.kind().forces() && failedForce == null) {
            failedForce = operation;
        }
        done(operation, change);
    }

    private void done(Operation operation, Change change) {
        change.apply(model, operation.index());
        log.add(new Logged(operation, change));
    }

    private Fault.@Nullable Kind next(Operation.Kind kind) {
        int call = calls++;
        Fault planned = fault;
        if (planned == null || call < planned.call() || (call > planned.call() && !planned.sticky())) {
            return null;
        }
        boolean space = planned.kind() == Fault.Kind.FULL || planned.kind() == Fault.Kind.SHORT_FULL;
        return space && !kind.needsSpace() ? null : planned.kind();
    }

    StorageLock lockOnce(String location) {
        if (!locked.add(location)) {
            throw new WalLockedException("the log in " + location + " is open already", location);
        }
        return new StorageLock() {
            private boolean closed;

            @Override
            public boolean held() {
                return !closed;
            }

            @Override
            public void close() {
                exclusively(() -> {
                    if (!closed) {
                        locked.remove(location);
                    }
                    closed = true;
                });
            }
        };
    }
}
