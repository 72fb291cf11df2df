package io.walnut.engine.config;

/** Requirement on the directory of a log that is opened: {@code wal.dir.require}. */
public enum Required {
    /** Nothing: the directory is created, and a log is begun in it. */
    NOTHING,
    /** The directory. */
    DIRECTORY,
    /** A log in the directory. */
    LOG
}
