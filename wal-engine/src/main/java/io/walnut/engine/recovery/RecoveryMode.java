package io.walnut.engine.recovery;

/** What opening does about damage at the end of a log: {@code wal.recovery}. */
public enum RecoveryMode {
    /** Cuts off what a killed process leaves behind, and refuses anything else. */
    STRICT,
    /** Cuts off a torn tail, as a power loss leaves it too; refuses what a crash does not explain. */
    DEFAULT,
    /** Keeps what is valid before the first damage, whatever it is; what lies behind is quarantined and reported. */
    TRUNCATE
}
