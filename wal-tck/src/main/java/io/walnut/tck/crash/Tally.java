package io.walnut.tck.crash;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was tried, counted. Thread-safe. */
public final class Tally {
    private final Set<String> configurations = ConcurrentHashMap.newKeySet();
    private final LongAdder workloads = new LongAdder();
    private final LongAdder states = new LongAdder();
    private final LongAdder distinct = new LongAdder();
    private final LongAdder secondLives = new LongAdder();
    private final LongAdder recoveries = new LongAdder();
    private final LongAdder opens = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final LongAdder damages = new LongAdder();

    /** Nothing yet. */
    public Tally() {}

    void workload(String configuration) {
        configurations.add(configuration);
        workloads.increment();
    }

    void states(int more) {
        states.add(more);
    }

    void distinctState() {
        distinct.increment();
    }

    void secondLife() {
        secondLives.increment();
    }

    void crashInRecovery() {
        recoveries.increment();
    }

    void opened() {
        opens.increment();
    }

    void fault() {
        faults.increment();
    }

    void damage() {
        damages.increment();
    }

    /** {@return how many states of crashes were looked at, those that are the same among them} */
    public long states() {
        return states.sum();
    }

    /** {@return how many of them were different, and recovered} */
    public long distinctStates() {
        return distinct.sum();
    }

    /** {@return how many faults were injected} */
    public long faults() {
        return faults.sum();
    }

    /** {@return how many damaged logs were opened} */
    public long damages() {
        return damages.sum();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d configurations, %,d workloads, %,d crash states (%,d different), %,d second lives,"
                        + " %,d crashes of recoveries, %,d opens, %,d injected faults, %,d damaged logs",
                configurations.size(),
                workloads.sum(),
                states.sum(),
                distinct.sum(),
                secondLives.sum(),
                recoveries.sum(),
                opens.sum(),
                faults.sum(),
                damages.sum());
    }
}
