package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The least of a group commit, and nothing else of a log: threads copy records into one buffer under a lock and wait, and
 * one thread writes and forces what has been gathered and wakes them. What separates this from a single thread's forces is
 * what it costs to put threads to sleep and to wake them.
 */
final class GroupFloor implements AutoCloseable {
    static final String NAME = "no log: copies under a lock, one forcing thread";

    /** Those whose records are forced together. */
    private static final class Gathered {
        private final List<Thread> waiting = new ArrayList<>();
        private final ByteBuffer bytes;
        private volatile boolean over;

        Gathered(ByteBuffer bytes) {
            this.bytes = bytes;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final FileChannel channel;
    private final Thread forcing = new Thread(this::force, "walnut-bench-force");
    private final long space;
    private Gathered gathering;
    private ByteBuffer spare;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    private GroupFloor(Path file, int threads, int recordBytes, long bytes) throws IOException {
        space = bytes;
        channel = RawSpace.filled(file, bytes);
        gathering = new Gathered(ByteBuffer.allocateDirect(threads * recordBytes));
        spare = ByteBuffer.allocateDirect(threads * recordBytes);
        forcing.start();
    }

    static Side of(Payload payload, int threads, boolean virtual, long nanos, long bytes) {
        return trial -> {
            long space = bytes + Crowd.leadInBytes(threads, payload.recordBytes());
            try (GroupFloor floor =
                    new GroupFloor(trial.directory().resolve("space"), threads, payload.recordBytes(), space)) {
                return Crowd.run(
                        trial,
                        Crowd.executor(threads, virtual),
                        threads,
                        number -> floor.append(payload.plain(number)),
                        nanos,
                        bytes / payload.recordBytes(),
                        1,
                        payload.recordBytes());
            }
        };
    }

    private void append(byte[] record) throws IOException {
        Gathered joined;
        lock.lock();
        try {
            joined = gathering;
            joined.bytes.put(record);
            joined.waiting.add(Thread.currentThread());
            if (joined.waiting.size() == 1) {
                LockSupport.unpark(forcing);
            }
        } finally {
            lock.unlock();
        }
        while (!joined.over) {
            LockSupport.park(this);
        }
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void force() {
        long end = 0;
        while (!closed) {
            Gathered taken = take();
            if (taken == null) {
                LockSupport.park(this);
            } else {
                try {
                    for (taken.bytes.flip(); taken.bytes.hasRemaining() && end < space; ) {
                        end += channel.write(taken.bytes, end);
                    }
                    channel.force(false);
                } catch (IOException e) {
                    failure = e;
                }
                spare = taken.bytes.clear();
                taken.over = true;
                taken.waiting.forEach(LockSupport::unpark);
            }
        }
    }

    private @Nullable Gathered take() {
        lock.lock();
        try {
            if (gathering.waiting.isEmpty()) {
                return null;
            }
            Gathered taken = gathering;
            gathering = new Gathered(spare);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(forcing);
        try {
            forcing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            channel.close();
        }
    }
}
