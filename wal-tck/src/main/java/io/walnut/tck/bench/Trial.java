package io.walnut.tck.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One run of one side.
 *
 * @param directory there, empty, and deleted afterwards
 * @param latencies where single calls are timed; null if they are not, because a look at the clock costs too much
 */
record Trial(Path directory, @Nullable Latencies latencies) {}
