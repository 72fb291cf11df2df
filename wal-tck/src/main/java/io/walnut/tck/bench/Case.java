package io.walnut.tck.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What becomes a row of the table.
 *
 * @param workload its name
 * @param configuration what tells it from other rows of the workload
 * @param limits what its limits are, for a person; empty if there is none
 * @param measure what its runs are measured by
 * @param timing when single calls are timed
 * @param targets what it should reach
 * @param work makes its sides
 */
record Case(
        String workload,
        String configuration,
        List<String> limits,
        Measure measure,
        Timing timing,
        List<Target> targets,
        Work work) {
    /** When single calls are timed. */
    enum Timing {
        /** Never: a call is no latency that anyone waits for. */
        NEVER,
        /** In one more run that does not count, because a look at the clock takes as long as a call. */
        APART,
        /** In every counted run. */
        ALWAYS
    }

    /** Makes the sides of a case. */
    interface Work {
        /**
         * Called once, before the first run.
         *
         * @param directory for what all runs share, deleted after the last
         * @throws SkippedException if it cannot be measured here
         */
        Sides prepare(Path directory) throws Exception;
    }
}
