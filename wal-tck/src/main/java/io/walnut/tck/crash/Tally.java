package io.walnut.tck.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private volatile long deadline;
    private volatile boolean limited;

    /** Nothing yet. */
    public Tally() {}

    /** Ends the suites that count here after a time, between two trials. */
    void endAfter(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        limited = true;
    }

    /** Takes the limit away, for those that count here later. */
    void endNever() {
        limited = false;
    }

    /** {@return whether the time is over; false if there is no limit} */
    boolean isOver() {
        return limited && System.nanoTime() - deadline >= 0;
    }

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

    /**
     * Returns what was not tried at all: without it nothing is known.
     *
     * @return kinds of trials, for a person; empty if each was made
     */
    public List<String> untried() {
        List<String> untried = new ArrayList<>();
        if (states() == 0) {
            untried.add("crashes");
        }
        if (faults() == 0) {
            untried.add("faults");
        }
        if (damages() == 0) {
            untried.add("damage");
        }
        return untried;
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
