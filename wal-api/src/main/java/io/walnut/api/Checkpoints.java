package io.walnut.api;

import java.util.Map;
import java.util.Optional;

/**
 * Named positions, one for each consumer of a log: up to where it has come, and so from where it goes on after a crash.
 *
 * <p>What is durable when:
 *
 * <ul>
 *   <li>{@link #save} and {@link #remove} are remembered at once, and seen by {@link #load} and {@link #all}; they write
 *       nothing, and wait for nothing but a deletion or truncation that is under way;
 *   <li>what was remembered is written and forced in the background, {@code wal.checkpoint.interval} after the first change
 *       that was not written yet; when {@link #flush} returns; and when {@link Wal#close} returns;
 *   <li>a crash, of the process too, loses what was not written: then the last value that was is there again. A
 *       value is never a mixture of two, and all names are written together.
 * </ul>
 *
 * <p>Before a position is written everything before it is made durable, whatever the policy, so that after a power loss no
 * checkpoint lies beyond the end of its log. Consumers so see every record at least once, if they save a position only
 * after they are done with what is before it.
 *
 * <p>While there are checkpoints, retention deletes nothing above the lowest of them; a configuration may bound how much they
 * hold back. One that is not needed any more has to be {@linkplain #remove removed}. {@link Wal#deleteSegmentsBefore} does
 * what it is told and does not ask them.
 *
 * <p>Two copies are kept. If one is damaged the other is used, and {@link RecoveryReport#notes()} says so. If nothing valid is
 * left, no name is known any more, and {@link #LOST} stands at the start of the log, where it holds retention until
 * somebody has looked and removes it. Records are never lost by that. Thread-safe.
 */
public interface Checkpoints {
    /** Stands where retention has to stop since checkpoints were lost. Can be removed, but not saved. */
    String LOST = "walnut.lost";

    /** Up to where the log has been archived, if there is an archiver. Neither saved nor removed by applications. */
    String ARCHIVED = "walnut.archived";

    /**
     * Remembers a position under a name, instead of what was there.
     *
     * @param name 1 to 127 of the characters {@code A-Z a-z 0-9 . _ -}, the first a letter or a digit; not beginning with
     *     {@code walnut.}
     * @param position from where the consumer would go on: {@link WalReader#nextPosition()}, {@link Wal#end()}, a record's
     *     position, or {@link Position#START}
     * @throws IllegalArgumentException if the name is not one
     * @throws PositionUnavailableException if the position is beyond {@link Wal#end()}, or inside of a record that is
     *     retained. Where no open reader stands at the position, finding that out takes a lookup in the log
     * @throws WalException if the log is closed, failed or read-only; with the reason {@code TOO_MANY_CHECKPOINTS} if
     *     all of them together would not fit into 64 KiB
     */
    void save(String name, Position position);

    /**
     * A position that was saved.
     *
     * @param name a name
     * @return the position; empty if none was saved under this name. It may be below {@link Wal#start()} by now
     */
    Optional<Position> load(String name);

    /**
     * Forgets a name, so that it does not hold retention any more. A name that is not there is no error.
     *
     * @param name a name
     * @throws WalException if the log is closed, failed or read-only
     */
    void remove(String name);

    /** {@return all of them, as they are now, sorted by name} */
    Map<String, Position> all();

    /**
     * Makes what was saved and removed so far durable.
     *
     * @throws WalException if that fails; it is tried again after the interval, unless the log has stopped
     */
    void flush();
}
