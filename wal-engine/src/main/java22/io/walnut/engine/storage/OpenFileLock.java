package io.walnut.engine.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A lock that belongs to an open file, through fcntl with F_OFD_SETLK. The locks of POSIX belong to the process and vanish
 * when any code of it closes the file; this one ends only when its own descriptor is closed. Both exclude each other.
 */
final class OpenFileLock implements SystemLock {
    private static final int OFD_SETLK = 37;
    private static final short WRITE = 1;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;

    private final Descriptor file;

    private OpenFileLock(Descriptor file) {
        this.file = file;
    }

    /**
     * Locks a file if no other process has locked it.
     *
     * @return the lock, or null if another process has it
     * @throws UnsupportedOperationException if there is no such lock here
     */
    static @Nullable SystemLock tryLock(Path path) throws IOException {
        MethodHandle fcntl = Calls.FCNTL;
        if (fcntl == null
                || !Descriptor.PROBLEM.isEmpty()
                || !path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new UnsupportedOperationException(Descriptor.PROBLEM);
        }
        Descriptor file = Descriptor.open(path);
        boolean locked = false;
        try {
            int error = lock(fcntl, file);
            if (error == EAGAIN || error == EACCES) {
                return null;
            } else if (error != 0) {
                throw new UnsupportedOperationException("fcntl gave " + error);
            }
            locked = true;
            return new OpenFileLock(file);
        } finally {
            if (!locked) {
                file.close();
            }
        }
    }

    /** {@return 0, or the error} */
    private static int lock(MethodHandle fcntl, Descriptor file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.STATE);
            MemorySegment all = arena.allocate(Calls.FLOCK); // zeros: from the start of the file, without an end
            all.set(ValueLayout.JAVA_SHORT, 0, WRITE);
            int result = (int) fcntl.invokeExact(state, file.number(), OFD_SETLK, all);
            return result == 0 ? 0 : state.get(ValueLayout.JAVA_INT, Calls.ERRNO);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("fcntl failed", e);
        }
    }

    @Override
    public boolean renew() {
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** The native function; this class is initialised when it is first asked for. */
    private static final class Calls {
        /** The layout of {@code struct flock} where a long has 64 bits. */
        static final MemoryLayout FLOCK = MemoryLayout.structLayout(
                ValueLayout.JAVA_SHORT.withName("type"),
                ValueLayout.JAVA_SHORT.withName("whence"),
                MemoryLayout.paddingLayout(4),
                ValueLayout.JAVA_LONG.withName("start"),
                ValueLayout.JAVA_LONG.withName("length"),
                ValueLayout.JAVA_INT.withName("pid"),
                MemoryLayout.paddingLayout(4));

        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

        static final @Nullable MethodHandle FCNTL = NativeCalls.optional(
                "fcntl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2),
                Linker.Option.captureCallState("errno"));
    }
}
