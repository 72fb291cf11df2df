package io.walnut.engine.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** A file that is open for functions of the C library, which take its number. */
final class Descriptor implements AutoCloseable {
    private static final MethodHandle[] FUNCTIONS = new MethodHandle[2];

    /** Why there are none here; empty if there are. */
    static final String PROBLEM = link();

    private static final int O_WRONLY = 1;
    private static final int O_CLOEXEC = 0x80000;

    private final int number;

    private Descriptor(int number) {
        this.number = number;
    }

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
            FUNCTIONS[1] =
                    NativeCalls.function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            return "";
        } catch (RuntimeException | LinkageError e) {
            return "the native functions cannot be linked: " + e;
        }
    }

    /** Opens a file for writing; fails where there is a {@link #PROBLEM}. */
    static Descriptor open(Path path) throws IOException {
        if (!PROBLEM.isEmpty()) {
            throw new IOException(PROBLEM);
        }
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IOException("the C library knows nothing of " + path.toUri());
        }
        int number;
        try (Arena arena = Arena.ofConfined()) {
            number = (int) FUNCTIONS[0].invokeExact(arena.allocateFrom(path.toString()), O_WRONLY | O_CLOEXEC, 0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("open failed for " + path, e);
        }
        if (number < 0) {
            throw new IOException("cannot open " + path);
        }
        return new Descriptor(number);
    }

    int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        try {
            int ignored = (int) FUNCTIONS[1].invokeExact(number);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("close failed", e);
        }
    }
}
