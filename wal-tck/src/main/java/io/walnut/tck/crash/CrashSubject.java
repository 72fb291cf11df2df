package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.spi.Salvager;
import io.walnut.spi.Storage;

/**
 * A log that can sit on a {@link Storage}, in one configuration: what the crash suites test. For one thread at a time.
 *
 * <p>To be enumerated it must be deterministic: what it does in the background is done before the call that causes it
 * returns, and what it does by a timer when it is told to.
 */
public interface CrashSubject {
    /** {@return what it is called in messages; tells its configuration} */
    String name();

    /** {@return what it means that an append has returned} */
    Promise promise();

    /**
     * Opens the log on a disk, creating or recovering it. What an earlier log of this subject had planned to do by a timer
     * is forgotten, as if its process had died.
     *
     * @param disk where the log is
     * @return the log
     */
    Wal open(Storage disk);

    /**
     * As {@link #open}, refusing everything that the death of the process does not explain.
     *
     * @param disk where the log is, as the death of its process left it
     * @return the log
     */
    default Wal openStrictly(Storage disk) {
        return open(disk);
    }

    /** {@return whether {@link #openLeavingDamage} is there} */
    default boolean leavesDamage() {
        return false;
    }

    /**
     * As {@link #open}, keeping what is valid before damage, and leaving the rest behind for good.
     *
     * @param disk where the log is
     * @return the log
     */
    default Wal openLeavingDamage(Storage disk) {
        throw new UnsupportedOperationException(name());
    }

    /** {@return whether {@link #salvage} is there} */
    default boolean salvages() {
        return false;
    }

    /**
     * Copies what is intact of a damaged log.
     *
     * @param disk where the damaged log is
     * @param target an open log, from {@link #open}
     * @return what was copied, and what was not
     */
    default Salvager.Report salvage(Storage disk, Wal target) {
        throw new UnsupportedOperationException(name());
    }

    /** Does what timers would do by now. */
    default void elapse() {}

    /** {@return whether it wants a disk that can be mapped} */
    default boolean maps() {
        return false;
    }

    /** {@return whether it deletes by itself what need not be retained} */
    default boolean retains() {
        return false;
    }

    /** {@return whether it archives what it deletes by itself} */
    default boolean archives() {
        return false;
    }

    /**
     * Opens, as a log, what was archived of the log on a disk; if it archives.
     *
     * @param disk where the log is, and its archive
     * @return the archive
     */
    default Wal openArchive(Storage disk) {
        throw new UnsupportedOperationException(name());
    }

    /** {@return how large a record has to be to get a segment of its own} */
    default int segmentBytes() {
        return 64 << 10;
    }

    /** {@return whether the log notes what has become durable, so that losing it is never taken for a torn tail} */
    default boolean witnessesWhatIsDurable() {
        return false;
    }

    /**
     * Whether the log does without a file's content, so that it need not be forced.
     *
     * @param file its name
     * @return false unless it is known that the file only helps
     */
    default boolean isAdvisory(String file) {
        return false;
    }
}
