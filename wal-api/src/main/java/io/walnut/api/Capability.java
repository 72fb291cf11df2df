package io.walnut.api;

/**
 * What a backend can do beyond appending, reading and syncing. Open to additions: a program must not fail on a
 * constant that it does not know.
 */
public enum Capability {
    /** A batch is recovered whole or not at all. */
    ATOMIC_BATCHES,
    /** A single append can be made stronger or weaker than the policy. */
    DURABILITY_PER_APPEND,
    /** {@link WalReader#next(java.time.Duration)} waits for an append without polling. */
    FOLLOWING,
    /** {@link ReadOptions#durableOnly()} is honoured. */
    DURABLE_ONLY_READS,
    /** {@link Wal#deleteSegmentsBefore} frees space. */
    SEGMENT_DELETION,
    /** {@link Wal#append(WalRecord, java.io.InputStream, long)} takes values that are longer than memory should hold. */
    STREAMED_VALUES,
    /** {@link Wal#truncateAfter} removes the newest records. */
    SUFFIX_TRUNCATION,
    /** {@link ReadOptions#skipExpired} is honoured. */
    EXPIRED_SKIPPED,
    /** {@link Wal#checkpoints} keeps positions. */
    CHECKPOINTS,
    /** {@link Wal#nextSequence} is known, also when nothing is retained. */
    NEXT_SEQUENCE,
    /** {@link Wal#positionOf} finds records. */
    POSITIONS_BY_SEQUENCE,
    /** {@link Wal#positionAt} finds records. */
    POSITIONS_BY_TIME,
    /** {@link Wal#publisher(Position)} streams entries. */
    PUBLISHING,
    /** {@link WalProvider#openGroup} keeps many logs. */
    GROUPS,
    /** {@link WalProvider#openReadOnly} works beside a live writer. */
    READ_ONLY_OPEN,
    /** {@link Wal#backup} copies the log while it is in use. */
    BACKUP,
    /** {@link ReadOptions#skipDamage} is honoured. */
    DAMAGE_SKIPPED
}
