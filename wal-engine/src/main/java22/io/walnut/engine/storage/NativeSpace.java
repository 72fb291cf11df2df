package io.walnut.engine.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Space reserved by the kernel, through posix_fallocate. */
final class NativeSpace {
    private static final int O_WRONLY = 1;
    private static final int EINTR = 4;
    private static final int ENOSPC = 28;
    private static final int EFBIG = 27;

    private NativeSpace() {}

    /** {@return why it is not available here; empty if it is} */
    static String unavailable() {
        return Calls.PROBLEM;
    }

    /** {@return false if it is not available, and nothing was done} */
    static boolean allocate(Path path, long from, long to) throws IOException {
        if (!Calls.PROBLEM.isEmpty()) {
            return false;
        }
        int error = Calls.fallocate(path, from, to - from);
        if (error == ENOSPC || error == EFBIG) {
            throw new IOException("No space left on device: posix_fallocate of " + path + " gave " + error);
        }
        return error == 0;
    }

    /** The native functions; this class is initialised when they are first asked for. */
    private static final class Calls {
        private static final MethodHandle[] FUNCTIONS = new MethodHandle[3];
        private static final String PROBLEM = link();

        private static String link() {
            if (!NativeCalls.PROBLEM.isEmpty()) {
                return NativeCalls.PROBLEM;
            }
            try {
                FUNCTIONS[0] = NativeCalls.function(
                        "open",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
                FUNCTIONS[1] = NativeCalls.function(
                        "posix_fallocate",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
                FUNCTIONS[2] = NativeCalls.function(
                        "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
                return "";
            } catch (RuntimeException | LinkageError e) {
                return "the native functions cannot be linked: " + e;
            }
        }

        private static int fallocate(Path path, long from, long length) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = arena.allocateFrom(path.toString());
                int file = (int) FUNCTIONS[0].invokeExact(name, O_WRONLY, 0);
                if (file < 0) {
                    throw new IOException("cannot open " + path + " to reserve its space");
                }
                try {
                    int error;
                    do {
                        error = (int) FUNCTIONS[1].invokeExact(file, from, length);
                    } while (error == EINTR);
                    return error;
                } finally {
                    int ignored = (int) FUNCTIONS[2].invokeExact(file);
                }
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException("posix_fallocate failed for " + path, e);
            }
        }
    }
}
