package io.walnut.engine.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Space reserved by the kernel, through posix_fallocate. Looked up when it is first needed, and only if this module may
 * call native code, so that nothing is printed and nothing fails where it may not.
 */
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
    @SuppressWarnings("restricted") // native access is asked for before
    private static final class Calls {
        private static final MethodHandle[] FUNCTIONS = new MethodHandle[3];
        private static final String PROBLEM = link();

        private static String link() {
            if (!NativeSpace.class.getModule().isNativeAccessEnabled()) {
                return "native access is not enabled: run with --enable-native-access="
                        + (NativeSpace.class.getModule().isNamed() ? "io.walnut.engine" : "ALL-UNNAMED");
            }
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
                return "it is known for Linux alone";
            }
            try {
                Linker linker = Linker.nativeLinker();
                SymbolLookup symbols = linker.defaultLookup();
                FUNCTIONS[0] = linker.downcallHandle(
                        symbols.find("open").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
                FUNCTIONS[1] = linker.downcallHandle(
                        symbols.find("posix_fallocate").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
                FUNCTIONS[2] = linker.downcallHandle(
                        symbols.find("close").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
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
