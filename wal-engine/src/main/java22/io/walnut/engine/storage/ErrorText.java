package io.walnut.engine.storage;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The texts of the system's errors, in the language of this process, from strerror of the C library. */
final class ErrorText {
    private static final int LONGEST = 1024;

    private static final @Nullable MethodHandle STRERROR =
            NativeCalls.optional("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private ErrorText() {}

    /** {@return the text of an error number, as the JDK reports it in an exception; empty if it cannot be had here} */
    static String of(int errno) {
        MethodHandle strerror = STRERROR;
        if (strerror == null) {
            return "";
        }
        try {
            return text((MemorySegment) strerror.invokeExact(errno));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("strerror failed", e);
        }
    }

    @SuppressWarnings("restricted") // a string of the C library, which ends with a zero
    private static String text(MemorySegment address) {
        MemorySegment string = address.reinterpret(LONGEST);
        byte[] bytes = new byte[LONGEST];
        int length = 0;
        while (length < LONGEST && string.get(ValueLayout.JAVA_BYTE, length) != 0) {
            bytes[length] = string.get(ValueLayout.JAVA_BYTE, length);
            length++;
        }
        return new String(bytes, 0, length, Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }
}
