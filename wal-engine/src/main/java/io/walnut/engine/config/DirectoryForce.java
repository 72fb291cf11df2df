package io.walnut.engine.config;

/** Policy where a directory cannot be forced: {@code wal.dir.force}. */
public enum DirectoryForce {
    /** Refuse to open the log. */
    REQUIRED,
    /** Go on without, and warn. */
    BEST_EFFORT
}
