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
    private final LongAdder secondCrashes = new LongAdder();
    private final LongAdder afterFaults = new LongAdder();

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

    void crashesInSecondLives(int more) {
        secondCrashes.add(more);
    }

    void crashAfterFault() {
        afterFaults.increment();
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

    /** {@return how many states that a crash leaves were recovered and checked} */
    public long states() {
        return distinct.sum() + secondCrashes.sum() + recoveries.sum() + afterFaults.sum();
    }

    /** {@return how many workloads were run, each in one configuration on one kind of disk} */
    public long workloads() {
        return workloads.sum();
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
                "%,d crash states recovered and checked (%,d different ones of %,d after the operations of a workload,"
                        + " %,d in %,d second lives, %,d inside of recoveries, %,d after faults); %,d workloads,"
                        + " %,d configurations on disks, %,d injected faults, %,d damaged logs, %,d opens",
                states(),
                distinct.sum(),
                states.sum(),
                secondCrashes.sum(),
                secondLives.sum(),
                recoveries.sum(),
                afterFaults.sum(),
                workloads.sum(),
                configurations.size(),
                faults.sum(),
                damages.sum(),
                opens.sum());
    }
}
