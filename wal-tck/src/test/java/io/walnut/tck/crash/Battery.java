package io.walnut.tck.crash;

import io.walnut.tck.disk.DiskProfile;
import java.util.List;
import java.util.function.Function;

/** Everything that the kit has, in small, for one kind of subject. */
final class Battery {
    private static final List<Workload> CRASHED = List.of(
            Workload.of(Step.SMALL),
            Workload.of(Step.CROSS, Step.SMALL, Step.SYNC),
            Workload.of(Step.BATCH, Step.SMALL),
            Workload.of(Step.SMALL, Step.REOPEN, Step.SMALL),
            Workload.of(Step.LARGE, Step.CROSS, Step.SYNC, Step.SMALL, Step.SMALL),
            Workload.of(Step.SMALL, Step.ROTATE, Step.DELETE, Step.SMALL));
    private static final List<Workload> KEPT = List.of(
            Workload.of(Step.SMALL, Step.CHECKPOINT, Step.SMALL, Step.CHECKPOINT, Step.CLOSE, Step.SMALL),
            Workload.of(Step.SMALL, Step.ROTATE, Step.ELAPSE, Step.ROTATE, Step.ELAPSE, Step.SMALL));
    private static final List<Workload> FAILED =
            List.of(Workload.of(Step.SMALL, Step.SYNC, Step.REOPEN, Step.CROSS, Step.SYNC, Step.SMALL));
    private static final List<Workload> DAMAGED = List.of(
            Workload.of(Step.SMALL, Step.CROSS, Step.SMALL, Step.CLOSE),
            Workload.of(Step.SMALL, Step.REOPEN, Step.SMALL, Step.SMALL, Step.REOPEN, Step.SMALL, Step.CLOSE));

    private final Function<Promise, CrashSubject> subject;
    private final Tally tally = new Tally();

    Battery(Function<Promise, CrashSubject> subject) {
        this.subject = subject;
    }

    /** Throws the first violation. */
    void run() {
        exclusion();
        crashes();
        faults();
        damage();
    }

    void exclusion() {
        new ExclusionSuite(subject.apply(Promise.FORCED)).run();
    }

    void crashes() {
        for (Promise promise : List.of(Promise.FORCED, Promise.WRITTEN)) {
            for (Workload workload : CRASHED) {
                for (DiskProfile profile : List.of(DiskProfile.STRICT, DiskProfile.TORN)) {
                    new PowerCutSuite(subject.apply(promise), profile, workload, 1, Effort.QUICK, tally).run();
                }
            }
        }
    }

    void upkeep() {
        for (DiskProfile profile : List.of(DiskProfile.STRICT, DiskProfile.TORN)) {
            for (Workload workload : KEPT) {
                new PowerCutSuite(subject.apply(Promise.FORCED), profile, workload, 1, Effort.QUICK, tally).run();
            }
        }
    }

    void faults() {
        for (Promise promise : List.of(Promise.FORCED, Promise.WRITTEN)) {
            for (Workload workload : FAILED) {
                new FaultSuite(subject.apply(promise), DiskProfile.STRICT, workload, 1, 4, tally).run();
            }
        }
    }

    void damage() {
        for (Workload workload : DAMAGED) {
            new DamageSuite(subject.apply(Promise.FORCED), workload, 1, 7, tally).run();
        }
    }

    @Override
    public String toString() {
        return tally.toString();
    }
}
