package io.walnut.engine.storage;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the C library. Looked up when one is first needed, and only if this module may call native code, so that
 * nothing is printed and nothing fails where it may not.
 */
final class NativeCalls {
    /** Why there are none here; empty if there are. */
    static final String PROBLEM = problem();

    private NativeCalls() {}

    private static String problem() {
        Module module = NativeCalls.class.getModule();
        if (!module.isNativeAccessEnabled()) {
            return "native access is not enabled: run with --enable-native-access="
                    + (module.isNamed() ? "io.walnut.engine" : "ALL-UNNAMED");
        }
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            return "it is known for Linux alone";
        }
        return "";
    }

    /** {@return a function; throws if the linker does not find it} Only where there is no {@link #PROBLEM}. */
    @SuppressWarnings("restricted") // native access was asked for before
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /** {@return a function that nothing but speed depends on, or null where it cannot be had} */
    static @Nullable MethodHandle optional(String name, FunctionDescriptor type, Linker.Option... options) {
        if (!PROBLEM.isEmpty()) {
            return null;
        }
        try {
            return function(name, type, options);
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }
}
