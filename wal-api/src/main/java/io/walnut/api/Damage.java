package io.walnut.api;

import java.util.Objects;

/**
 * A damaged place that was skipped: stored bytes that are not what was stored.
 *
 * @param file the damaged file
 * @param offset where in the file the damage begins
 * @param firstSequence the sequence of the first record that is missing, or of the next one if none is
 * @param nextSequence the sequence of the first record behind the damage; 0 if it is not known whether there were any
 * @param why what was found
 */
public record Damage(String file, long offset, long firstSequence, long nextSequence, String why) {
    /** Checks that nothing is null. */
    public Damage {
        Objects.requireNonNull(file);
        Objects.requireNonNull(why);
    }

    /** {@return how many records are missing; 0 if none is, or if that is not known} */
    public long missing() {
        return Math.max(0, nextSequence - firstSequence);
    }

    /** {@return whether a record may be missing} */
    public boolean mayMiss() {
        return nextSequence != firstSequence;
    }
}
