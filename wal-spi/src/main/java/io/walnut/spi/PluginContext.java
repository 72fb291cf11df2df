package io.walnut.spi;

import java.nio.file.Path;
import java.time.Clock;

/**
 * What a part may know of the log it is made for.
 *
 * @param directory the log's {@code wal.dir}
 * @param logName the log's name, for metrics and messages
 * @param nodeId who writes the log; may be empty
 * @param clock the log's wall clock
 */
public record PluginContext(Path directory, String logName, String nodeId, Clock clock) {}
