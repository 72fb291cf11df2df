package io.walnut.engine.storage;

import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Space reserved by the kernel, through posix_fallocate. */
final class NativeSpace {
    private static final int EINTR = 4;
    private static final int ENOSPC = 28;
    private static final int EFBIG = 27;
    private static final int EDQUOT = 122;

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
        if (error == ENOSPC || error == EFBIG || error == EDQUOT) {
            throw new StorageFullException(
                    "no space for " + path + " from " + from + " to " + to + ": posix_fallocate gave " + error, null);
        }
        return error == 0;
    }

    /** The native function; this class is initialised when it is first asked for. */
    private static final class Calls {
        private static final MethodHandle[] FUNCTION = new MethodHandle[1];
        private static final String PROBLEM = link();

        private static String link() {
            if (!Descriptor.PROBLEM.isEmpty()) {
                return Descriptor.PROBLEM;
            }
            try {
                FUNCTION[0] = NativeCalls.function(
                        "posix_fallocate",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
                return "";
            } catch (RuntimeException | LinkageError e) {
                return "the native functions cannot be linked: " + e;
            }
        }

        private static int fallocate(Path path, long from, long length) throws IOException {
            try (Descriptor file = Descriptor.open(path)) {
                int error;
                do {
                    error = (int) FUNCTION[0].invokeExact(file.number(), from, length);
                } while (error == EINTR);
                return error;
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException("posix_fallocate failed for " + path, e);
            }
        }
    }
}
