package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the JDK that can be renewed. POSIX drops the locks of a process on a file as soon as any code of that process
 * closes the file, and nobody learns of it; the JDK refuses to lock the same bytes again. So the holder has one byte, and
 * renews by locking the next byte before it frees the one before: at no moment it has none. Another process first takes
 * the gate, then all bytes behind it, which succeeds only if the holder has none of them.
 */
final class SteppedLock implements SystemLock {
    /** Far behind the content, which Windows would not let others read where it is locked. */
    private static final long GATE = 1L << 40;

    private final AsynchronousFileChannel channel;
    private FileLock held;

    /** The byte that was tried last. Each is tried once: a try that ended with an error may have locked it all the same. */
    private long step;

    private SteppedLock(AsynchronousFileChannel channel, FileLock held) {
        this.channel = channel;
        this.held = held;
        this.step = held.position();
    }

    static @Nullable SteppedLock tryLock(AsynchronousFileChannel channel) throws IOException {
        FileLock gate = channel.tryLock(GATE, 1, false);
        if (gate == null) {
            return null;
        }
        try {
            FileLock all = channel.tryLock(GATE + 1, Long.MAX_VALUE - GATE - 1, false);
            if (all == null) {
                return null;
            }
            all.release(); // nobody comes between, as that takes the gate
            FileLock first = channel.tryLock(GATE + 1, 1, false);
            return first == null ? null : new SteppedLock(channel, first);
        } finally {
            gate.release();
        }
    }

    @Override
    public boolean renew() throws IOException {
        FileLock next = channel.tryLock(++step, 1, false);
        if (next == null) {
            return false;
        }
        held.release();
        held = next;
        return true;
    }

    /** The lock ends with its channel. */
    @Override
    public void close() {}
}
