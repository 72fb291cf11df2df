package io.walnut.tck.kit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What threads allocate on the heap. */
final class AllocatedBytes {
    private AllocatedBytes() {}

    /** {@return how many bytes the calling thread has allocated, always -1 where that cannot be measured} */
    static long ofThisThread() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                        && threads.isThreadAllocatedMemorySupported()
                ? threads.getThreadAllocatedBytes(Thread.currentThread().getId())
                : -1;
    }
}
