package io.walnut.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Many named logs under one root, as a broker has them for its topics. Each is a {@link Wal} of its own, with its own
 * order, segments and failures; they share timers, background threads and buffers, and reserve little space each. At
 * most {@code wal.group.open.max} of them are open at a time, as far as they are not in use: a log that was not used for
 * {@code wal.group.idle} is closed, and so is the one that was not used for longest when another is to be opened. The
 * {@link Wal} that was given for it stays valid all the same, and opens it again when it is used; a log that is being
 * read or has subscribers is in use, until the last reader and value stream of it is closed and the last subscription is over.
 *
 * <pre>{@code
 * try (WalGroup group = WalGroup.open(Path.of("data"))) {
 *     group.wal("orders", 3).append(key, value);
 * }
 * }</pre>
 *
 * <p>A name is 1 to 100 of {@code a-z}, {@code 0-9}, {@code -} and {@code _}, and begins with a letter or digit: so it means the
 * same on every file system. Names that some system reserves ({@code lock}, {@code con}, {@code nul}, {@code com1}…) are
 * refused.
 *
 * <p>The configuration is that of every log, but for {@code wal.dir}, which is the root. {@code wal.group.log.<name>.<key>} says
 * {@code wal.<key>} for one log, or for all {@linkplain #wal(String, int) partitions} of one name: {@code
 * wal.group.log.orders.segment.bytes=16MiB}.
 *
 * <p>Subscribers and actions that depend on futures are called on a few threads that all logs share, unless there is an
 * {@linkplain WalConfig.Builder#executor executor}. A subscriber may wait there for appends and futures of other logs, and an
 * action for appends; but what waits for something that another subscriber or action does keeps a thread from it, and where
 * all of them wait so it waits for ever: that needs an executor of one's own with threads enough, or {@code thenCompose}.
 *
 * <p>Thread-safe.
 */
public interface WalGroup extends AutoCloseable {
    /**
     * Opens the group in a directory with the defaults, creating it if it is not there.
     *
     * @param root where the logs live
     * @return the open group; the caller closes it
     * @throws WalException as {@link WalProvider#openGroup}
     */
    static WalGroup open(Path root) {
        return open(WalConfig.builder(root).build());
    }

    /**
     * Opens a group through the backend that {@code wal.backend} names.
     *
     * @param config which group, and how
     * @return the open group; the caller closes it
     * @throws WalException as {@link WalProvider#openGroup}
     */
    static WalGroup open(WalConfig config) {
        return Backends.find(config).openGroup(config);
    }

    /**
     * Opens a log, creating or recovering it, unless it is open already. All who ask for the same name get the same log;
     * closing it closes it for all, and asking again opens it again.
     *
     * @param name its name
     * @return the log; it is closed with the group, if not before
     * @throws WalConfigException if it is no name
     * @throws WalClosedException if the group is closed
     * @throws WalException as {@link WalProvider#open}
     */
    Wal wal(String name);

    /**
     * Opens a partition: the log called {@code <topic>-<partition>}.
     *
     * @param topic a name
     * @param partition not negative
     * @return the log, as {@link #wal(String)}
     * @throws WalException as {@link #wal(String)}
     */
    default Wal wal(String topic, int partition) {
        if (partition < 0) {
            throw new WalConfigException(
                    List.of("partition " + partition + " of '" + topic + "': a partition is not negative"));
        }
        return wal(topic + "-" + partition);
    }

    /** {@return the names of all logs that are there, open or not, in their order} */
    Set<String> names();

    /** {@return how many logs are open} */
    int openLogs();

    /**
     * Closes the logs that were not used for a time and are not in use. They are opened again when they are used.
     *
     * @param idle for how long they were not used, to within some seconds; zero closes all that are not in use
     * @return how many were closed
     */
    int closeIdle(Duration idle);

    /**
     * Removes a log with everything in it. Its readers and subscribers end with {@link WalClosedException}. When this
     * returns it is gone for good; if the process or the machine dies meanwhile it is there as it was, or the next
     * opening of the group finishes the removal.
     *
     * @param name its name
     * @return whether there was such a log
     * @throws WalConfigException if it is no name
     * @throws WalException if it cannot be removed; what is left of it is removed by the next try or opening
     */
    boolean drop(String name);

    /**
     * Closes all logs, each as {@link Wal#close()}. Closing twice does nothing.
     *
     * @throws WalException the first that a log ended with, the others suppressed in it; all are closed all the same
     */
    @Override
    void close();
}
