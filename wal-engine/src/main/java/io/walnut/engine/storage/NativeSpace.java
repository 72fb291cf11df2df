package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Space reserved by the kernel. This is the portable variant; on JDK 22 and later another class takes its place. */
final class NativeSpace {
    private NativeSpace() {}

    /** {@return why it is not available here; empty if it is} */
    static String unavailable() {
        return "it needs JDK 22 or later; this is " + Runtime.version().feature();
    }

    /** {@return false: nothing was done} */
    static boolean allocate(Path path, long from, long to) throws IOException {
        return false;
    }
}
