package io.walnut.tck.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to measure.
 *
 * @param directory where the logs are made, each in a directory of its own that is deleted afterwards
 * @param config keys for every log; what a workload is about wins over them
 * @param works names of {@link Workloads}
 * @param runs how many counted runs of each, after one that warms up
 * @param scale how much each run does
 * @param keepBytes how much of what was written before is there during each run, so that no run is the first to use its
 *     memory; zeros at first
 * @param seed draws keys and values
 */
public record Plan(
        Path directory,
        Map<String, String> config,
        List<String> works,
        int runs,
        Scale scale,
        long keepBytes,
        long seed) {
    /** Copies. */
    public Plan {
        config = Map.copyOf(config);
        works = List.copyOf(works);
    }
}
