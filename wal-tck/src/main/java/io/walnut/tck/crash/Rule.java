package io.walnut.tck.crash;

/** What must hold, whatever crashes. */
public enum Rule {
    /** What is recovered is a contiguous part of what was appended: bytes, kinds and sequences. */
    PREFIX("I1"),
    /** What was promised to be there is there. */
    DURABLE("I2"),
    /** All of a batch is there, or none of it. */
    ATOMIC("I3"),
    /** What a recovery did not find is never found again. */
    STABLE("I4"),
    /** What a recovery found survives a power cut right after it. */
    RECOVERED_IS_DURABLE("I5"),
    /** Recovering again, also after a crash of the recovery, finds the same. */
    IDEMPOTENT("I6"),
    /** A position never names other bytes. */
    POSITIONS("I7"),
    /** After the first failed force nothing succeeds until the log is opened again. */
    FAIL_STOP("I9"),
    /** Every append has exactly one outcome; where nothing fails, it succeeds. */
    ONE_OUTCOME("I10"),
    /** What was rejected is never found. */
    REJECTED_STAYS_OUT("I11"),
    /** Deleting keeps what it should keep, and nothing that was deleted comes back. */
    DELETION("I12"),
    /** Damage gives the same data or a located error: never other bytes, nor less than what is known to be durable. */
    INTEGRITY("I13"),
    /** Salvaging a damaged log copies every record whose own bytes are intact, and nothing else. */
    SALVAGED("I24"),
    /** A log opens from every state in which a crash can leave it. */
    OPENS("I14"),
    /** The report of the recovery says what is there. */
    REPORT("I15"),
    /** What was acknowledged can be read. */
    READABLE("I16"),
    /** A log is open once at a time. */
    EXCLUSION("I17"),
    /** Nothing stays open after a failed open or a close. */
    RESOURCES("I18"),
    /** A checkpoint is found as it was saved, old or new, and a flushed one is never lost. */
    CHECKPOINTS("I22"),
    /** What retention deleted had been archived. */
    ARCHIVED("I23"),
    /** Between a write and an acknowledgement that promises durability there is a force. */
    FORCED_BEFORE_ACKNOWLEDGED("I21-force"),
    /** A new file has a durable name before anything in it is acknowledged as durable. */
    NAMED_BEFORE_ACKNOWLEDGED("I21-name"),
    /** What is renamed into place was forced before. */
    FORCED_BEFORE_RENAMED("I21-rename"),
    /** Where a policy does not promise it, an append forces nothing. */
    NO_NEEDLESS_FORCE("I21-needless");

    private final String id;

    Rule(String id) {
        this.id = id;
    }

    /** {@return its number, as in the documentation of the kit} */
    public String id() {
        return id;
    }
}
