package io.walnut.engine.recovery;

/** How much of sealed segments opening reads: {@code wal.recovery.verify}. */
public enum VerifyMode {
    /** Their ends: header, first frame and footer. Damage between them is found by the reader that meets it. */
    ENDS,
    /** All of them. Damage anywhere refuses the opening. */
    FULL
}
