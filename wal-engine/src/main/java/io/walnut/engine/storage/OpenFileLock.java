package io.walnut.engine.storage;

import java.nio.file.Path;

/**
 * A lock that belongs to an open file, so that no other close drops it. This is the portable variant; on JDK 22 and later
 * another class takes its place.
 */
final class OpenFileLock {
    private OpenFileLock() {}

    /**
     * Locks a file if no other process has locked it.
     *
     * @return the lock, or null if another process has it
     * @throws UnsupportedOperationException if there is no such lock here
     */
    @SuppressWarnings("DoNotCallSuggester") // the other variant does not always throw
    static SystemLock tryLock(Path file) {
        throw new UnsupportedOperationException("it needs JDK 22 or later");
    }
}
