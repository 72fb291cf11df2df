package io.walnut.engine.log;

/** What checkpoints mean to retention: {@code wal.retention.checkpoints}. */
public enum CheckpointRule {
    /** Nothing above the lowest is deleted. */
    HOLD,
    /** Nothing above the lowest is deleted, and everything below it is. */
    DELETE
}
