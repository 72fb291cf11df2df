package io.walnut.tck.crash;

/** What a workload is made of. */
public enum Step {
    /** Appends a record much smaller than a sector. */
    SMALL,
    /** Appends a record that lies across two sectors. */
    CROSS,
    /** Appends a record of more than four sectors. */
    LARGE,
    /** Appends a batch of three. */
    BATCH,
    /** Appends a value as a stream, so long that it has parts. */
    STREAM,
    /** Makes everything durable. */
    SYNC,
    /** Appends a record that needs a segment of its own. */
    ROTATE,
    /** Deletes all segments but the last; if there is but one, that. */
    DELETE,
    /** Removes every record behind one somewhere in the log. */
    TRUNCATE,
    /** Closes the log. What comes next opens it again. */
    CLOSE,
    /** Closes the log and opens it again. */
    REOPEN,
    /** Appends asynchronously and waits. */
    ASYNC,
    /** Saves the end of the log as a checkpoint, and perhaps makes that durable. */
    CHECKPOINT,
    /** Time passes, and what is done by timers is done. */
    ELAPSE;

    /** {@return whether the step is one of those of which every combination is tried} */
    boolean isEnumerated() {
        return this != ASYNC && this != CHECKPOINT && this != ELAPSE;
    }
}
