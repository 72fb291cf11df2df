package io.walnut.api;

/**
 * A backend, found by {@link java.util.ServiceLoader} and chosen by {@code wal.backend}. Needs a public constructor
 * without parameters. All validation of a configuration happens here, because only the backend and its plugins know
 * every key.
 */
public interface WalProvider {
    /** {@return the name by which {@code wal.backend} chooses it, {@code [a-z0-9-]{1,63}}} */
    String name();

    /**
     * Opens a log for appending and reading, recovering it first.
     *
     * @param config which log, and how
     * @return the open log; the caller closes it
     * @throws WalConfigException if the configuration is wrong; it tells everything that is
     * @throws WalLockedException if somebody else has it open
     * @throws WalCorruptException if the log is damaged in a way that a crash does not explain
     * @throws WalException if it cannot be opened for another reason
     */
    Wal open(WalConfig config);

    /**
     * Opens a log for reading only, beside a live writer too. Changes nothing on disk and takes no lock. What a crash
     * left behind is not repaired but not shown either.
     *
     * @param config which log, and how
     * @return the log; appending to it fails with reason {@link WalException.Reason#READ_ONLY}
     * @throws WalConfigException if the configuration is wrong; it tells everything that is
     * @throws WalException if it cannot be opened for another reason
     */
    Wal openReadOnly(WalConfig config);

    /**
     * Opens a group of logs, and finishes what a crash left of {@link WalGroup#drop}.
     *
     * @param config which group, and how
     * @return the open group; the caller closes it
     * @throws WalConfigException if the configuration, that of single logs included, is wrong; it tells everything that is
     * @throws WalLockedException if somebody else has the group open
     * @throws WalException if it cannot be opened for another reason; with the reason {@code UNSUPPORTED}, without {@link
     *     Capability#GROUPS}
     */
    default WalGroup openGroup(WalConfig config) {
        throw WalException.unsupported(Capability.GROUPS);
    }
}
