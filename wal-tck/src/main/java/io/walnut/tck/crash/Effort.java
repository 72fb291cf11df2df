package io.walnut.tck.crash;

/**
 * How much is tried for one workload.
 *
 * @param statesPerPoint up to so many states after each operation; all of them if there are no more
 * @param secondLifeEvery after each so many states the log lives on and crashes again
 * @param secondCrashes with so many states of the second crash
 * @param recoveryEvery at each so many states recovery itself is crashed after each of its operations
 * @param recoveryCrashes with so many states for each of them
 */
public record Effort(
        int statesPerPoint, int secondLifeEvery, int secondCrashes, int recoveryEvery, int recoveryCrashes) {
    /** For every build. */
    public static final Effort QUICK = new Effort(24, 3, 3, 12, 3);

    /** For the workloads of one step. */
    public static final Effort THOROUGH = new Effort(1024, 2, 3, 24, 3);

    /** When there is time. */
    public static final Effort FULL = new Effort(256, 1, 8, 2, 8);
}
