package io.walnut.tck.crash;

/**
 * How much is tried for one workload.
 *
 * @param exhaustive all states after an operation, if there are no more than these
 * @param sampled so many of them, if there are more
 * @param secondLifeEvery after each so many states the log lives on and crashes again
 * @param secondCrashes with so many states of the second crash
 * @param recoveryEvery at each so many states recovery itself is crashed after each of its operations
 * @param recoveryCrashes with so many states for each of them
 */
public record Effort(
        int exhaustive, int sampled, int secondLifeEvery, int secondCrashes, int recoveryEvery, int recoveryCrashes) {
    /** For every build. */
    public static final Effort QUICK = new Effort(32, 20, 3, 3, 12, 3);

    /** For the workloads of one step. */
    public static final Effort THOROUGH = new Effort(1024, 40, 2, 3, 24, 3);

    /** For one state. */
    static final Effort WHOLE = new Effort(1024, 200, 1, 8, 1, 8);

    /** When there is time. */
    public static final Effort FULL = new Effort(1024, 200, 1, 8, 4, 8);
}
