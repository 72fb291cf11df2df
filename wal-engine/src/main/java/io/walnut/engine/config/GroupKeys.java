package io.walnut.engine.config;

import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import java.time.Duration;

/** The keys that only a group of logs understands. */
public final class GroupKeys {
    /** What stands before all of them. */
    public static final String PREFIX = "wal.group.";

    /** What stands before the name of a log for which something is said. */
    public static final String LOG_PREFIX = PREFIX + "log.";

    /** When an idle log is closed. */
    public static final ConfigKey<Duration> IDLE = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.group.idle",
                            ConfigType.DURATION,
                            "A log of a group that was not used for so long is closed until it is used again; `0s` for never.")
                    .withDefault(Duration.ofMinutes(5)),
            Duration.ZERO,
            Duration.ofDays(365));

    /** How many logs are open. */
    public static final ConfigKey<Integer> OPEN_MAX = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.group.open.max",
                            ConfigType.INT,
                            "How many logs of a group are open at a time, each with three or four files: when another is"
                                    + " used, one is closed that was not used for long. Logs that are in use are not closed for that.")
                    .withDefault(1_000),
            1,
            1_000_000);

    /** How many threads there are. */
    public static final ConfigKey<Integer> THREADS = ConfigKey.inRange(
            ConfigKey.of(
                            "wal.group.threads",
                            ConfigType.INT,
                            "How many threads at most append and force for all logs of a group; as many more for each of these: futures,"
                                    + " subscribers, meters, archivers, retention, closing; 0 for twice the number of processors, at least 4.")
                    .withDefault(0),
            0,
            10_000);

    /** All of them, in the order in which they are documented. */
    public static final ConfigSpec SPEC = ConfigSpec.of(IDLE, OPEN_MAX, THREADS);

    private GroupKeys() {}
}
