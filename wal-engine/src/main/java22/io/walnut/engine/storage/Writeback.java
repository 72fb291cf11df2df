package io.walnut.engine.storage;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has the device begin with what was written to a file, before it is forced, through sync_file_range. Only a hint: where it
 * cannot be had nothing happens, and what fails on the way to the device is told by the force. Does not wait for the device,
 * but for a place in its queue if that is full.
 */
final class Writeback implements AutoCloseable {
    private static final long PAGE = 4 << 10;
    private static final int SYNC_FILE_RANGE_WRITE = 2;

    private final Path path;
    private final ReentrantLock lock = new ReentrantLock(); // so that no number is used that is another file's by then
    private @Nullable Descriptor file;
    private boolean over;

    Writeback(Path path) {
        this.path = path;
    }

    /** The device may begin with a range; what is in the page in which it ends is left for later. */
    void begin(long from, long to) {
        long length = to / PAGE * PAGE - from;
        MethodHandle syncFileRange = Calls.SYNC_FILE_RANGE;
        if (length <= 0 || syncFileRange == null) {
            return;
        }
        lock.lock();
        try {
            if (over) {
                return;
            }
            if (file == null) {
                file = Descriptor.open(path);
            }
            int ignored = (int) syncFileRange.invokeExact(file.number(), from, length, SYNC_FILE_RANGE_WRITE);
        } catch (Throwable e) {
            over = true;
            if (e instanceof Error error && !(e instanceof OutOfMemoryError)) {
                throw error;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            over = true;
            if (file != null) {
                file.close();
                file = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The native function; this class is initialised when it is first asked for. */
    private static final class Calls {
        private static final @Nullable MethodHandle SYNC_FILE_RANGE = NativeCalls.optional(
                "sync_file_range",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
    }
}
