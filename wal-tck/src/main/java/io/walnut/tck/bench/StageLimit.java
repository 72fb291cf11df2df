package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * S: copies into a mapped ring whose pages were all stored into before, which another thread drains by positional writes of
 * 256 KiB to a growing file. Where the log forces, whoever appended drains the rest and forces, for all who wait.
 */
final class StageLimit implements Sink {
    static final String NAME =
            "S: copies into a hot mapped ring of 4 MiB, drained by writes of 256 KiB in another thread";
    static final String FORCED = NAME + ", + force(false) for all who wait";
    static final String FILE = "drained";
    static final int PIECE_BYTES = 256 << 10;
    static final int RING_BYTES = 4 << 20;
    private static final int PAGE_BYTES = 4 << 10;

    private final Load load;
    private final MappedByteBuffer ring;
    private final FileChannel file;
    private final Thread drainer = new Thread(this::drainPieces, "walnut-bench-drain");
    private final ReentrantLock appending = new ReentrantLock();
    private final ReentrantLock draining = new ReentrantLock();
    private final ReentrantLock forcing = new ReentrantLock();

    /** The end of the copied bytes. Written by the appending thread, under {@link #appending} where there are several. */
    private final AtomicLong head = new AtomicLong();

    /** The end of the bytes that the file has. Written under {@link #draining}. */
    private volatile long tail;

    /** The end of the bytes that were forced. Guarded by {@link #forcing}. */
    private long forced;

    private volatile @Nullable Thread waiting;
    private volatile @Nullable Throwable failure;
    private volatile boolean idle;
    private volatile boolean closing;

    StageLimit(Path directory, Load load) throws IOException {
        this.load = load;
        try (FileChannel stage = FileChannel.open(
                directory.resolve("ring"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ring = stage.map(FileChannel.MapMode.READ_WRITE, 0, RING_BYTES);
        }
        for (int at = 0; at < RING_BYTES; at += PAGE_BYTES) {
            ring.put(at, (byte) 1);
        }
        file = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        drainer.setDaemon(true);
        drainer.start();
    }

    @Override
    public Lane lane() {
        return (first, calls) -> {
            for (int call = first; call < first + calls; call++) {
                long end = 0;
                for (int record = 0; record < load.recordsPerCall(); record++) {
                    end = append(load.payload().plain(load.recordsPerCall() == 1 ? call : record));
                }
                if (load.forced()) {
                    force(end);
                }
            }
        };
    }

    private long append(byte[] record) throws IOException {
        if (load.threads() == 1) {
            return copy(record);
        }
        appending.lock();
        try {
            return copy(record);
        } finally {
            appending.unlock();
        }
    }

    private long copy(byte[] record) throws IOException {
        long from = head.getPlain();
        long end = from + record.length;
        if (end - tail > RING_BYTES) {
            awaitSpace(end);
        }
        int at = (int) (from & RING_BYTES - 1);
        int first = Math.min(record.length, RING_BYTES - at);
        ring.put(at, record, 0, first);
        if (first < record.length) {
            ring.put(0, record, first, record.length - first);
        }
        if ((from ^ end) < PIECE_BYTES) {
            head.setRelease(end);
        } else {
            head.set(end);
            if (idle) {
                LockSupport.unpark(drainer);
            }
        }
        return end;
    }

    private void awaitSpace(long end) throws IOException {
        waiting = Thread.currentThread();
        while (end - tail > RING_BYTES) {
            Throwable failed = failure;
            if (failed != null) {
                throw new IOException("the ring could not be drained", failed);
            }
            LockSupport.park(this);
        }
        waiting = null;
    }

    private void force(long end) throws IOException {
        forcing.lock();
        try {
            if (forced < end) {
                long to = head.get();
                drain(to);
                file.force(false);
                forced = to;
            }
        } finally {
            forcing.unlock();
        }
    }

    private void drainPieces() {
        try {
            while (!closing) {
                if (wholePieces() > tail) {
                    drain(wholePieces());
                } else {
                    idle = true;
                    if (wholePieces() <= tail && !closing) {
                        LockSupport.park(this);
                    }
                    idle = false;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            LockSupport.unpark(waiting);
        }
    }

    private long wholePieces() {
        return head.get() & -PIECE_BYTES;
    }

    private void drain(long to) throws IOException {
        draining.lock();
        try {
            long at = tail;
            while (at < to) {
                int from = (int) (at & RING_BYTES - 1);
                int length = (int) Math.min(PIECE_BYTES - (from & PIECE_BYTES - 1), to - at);
                ByteBuffer piece = ring.slice(from, length);
                while (piece.hasRemaining()) {
                    at += file.write(piece, at);
                }
                tail = at;
                LockSupport.unpark(waiting);
            }
        } finally {
            draining.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            closing = true;
            LockSupport.unpark(drainer);
            drainer.join();
            drain(head.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the ring was drained", e);
        }
    }
}
