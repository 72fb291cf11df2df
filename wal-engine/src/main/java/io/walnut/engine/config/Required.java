package io.walnut.engine.config;

/** What has to be there when a log is opened: {@code wal.dir.require}. */
public enum Required {
    /** Nothing: the directory is created, and a log is begun in it. */
    NOTHING,
    /** The directory. */
    DIRECTORY,
    /** A log in the directory. */
    LOG
}
