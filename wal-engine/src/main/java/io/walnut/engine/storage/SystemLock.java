package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A lock of the operating system on a file, which keeps other processes out. For one thread at a time. */
interface SystemLock extends AutoCloseable {
    /**
     * Locks a file if no other process has locked it.
     *
     * @param file the file
     * @param channel open on it; stays open as long as the lock is held
     * @return the lock, or null if another process has it
     * @throws java.nio.channels.OverlappingFileLockException if other code of this JVM has it
     */
    static @Nullable SystemLock tryLock(Path file, AsynchronousFileChannel channel) throws IOException {
        try {
            return OpenFileLock.tryLock(file);
        } catch (UnsupportedOperationException e) {
            return SteppedLock.tryLock(channel);
        }
    }

    /**
     * Takes the lock again if it was lost and nobody has it.
     *
     * @return false if another process has it
     */
    boolean renew() throws IOException;

    @Override
    void close() throws IOException;
}
