package io.walnut.tck.crash;

import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every log on a {@code Storage} must survive: extend it, name its configurations, run it with JUnit.
 *
 * <p>System properties: {@code walnut.crash.seed} for other random choices, {@code walnut.crash.full=true} for every
 * workload of three steps, every configuration, and more states of each, {@code walnut.crash.replay} with what a failure tells, to see that
 * one alone.
 */
public abstract class CrashKit {
    private static final List<DiskProfile> PROFILES =
            List.of(DiskProfile.STRICT, DiskProfile.TORN, DiskProfile.EXT4, DiskProfile.ORDERED);
    private static final int SAMPLES = 20;
    private static final int SHOWN = 3;

    private final long seed = Long.getLong("walnut.crash.seed", 20_261_121L);
    private final boolean full = Boolean.getBoolean("walnut.crash.full");
    private final String replay = System.getProperty("walnut.crash.replay", "");
    private final Tally tally = new Tally();
    private final Queue<CrashViolation> violations = new ConcurrentLinkedQueue<>();

    /** For subclasses. */
    protected CrashKit() {}

    /** {@return the names of the configurations to test} */
    protected abstract List<String> configurations();

    /**
     * Makes a subject.
     *
     * @param configuration one of the {@link #configurations}
     * @return a new subject
     */
    protected abstract CrashSubject subject(String configuration);

    /** Prints what was tried. */
    @AfterEach
    void tell() {
        System.out.println(getClass().getSimpleName() + ": " + tally + "; -Dwalnut.crash.seed=" + seed);
    }

    /** If this fails, look at what the state lacks: a force, or an order. The message tells how to see it alone. */
    @Test
    public final void required_S101_survivesACrashAfterEveryOperationOfEveryStep() {
        List<Runnable> tasks = new ArrayList<>();
        int number = 0;
        for (Workload workload : Workload.allOfLength(1)) {
            for (String configuration : configurations()) {
                DiskProfile profile = PROFILES.get(number++ % PROFILES.size());
                if (full || number % 4 == 0) {
                    tasks.add(() -> powerCuts(configuration, profile, workload, full ? Effort.FULL : Effort.THOROUGH));
                }
            }
        }
        run(tasks);
    }

    /** As S101. */
    @Test
    public final void required_S102_survivesACrashAfterEveryOperationOfEveryTwoSteps() {
        run(spread(Workload.allOfLength(2), full ? configurations().size() : 1));
    }

    /** As S101. */
    @Test
    public final void required_S103_survivesACrashAfterEveryOperationOfLongerWorkloads() {
        List<Workload> workloads = new ArrayList<>(Workload.samples(seed, full ? 10 * SAMPLES : SAMPLES, 3, 6));
        if (full) {
            workloads.addAll(Workload.allOfLength(3));
        }
        run(spread(workloads, full ? 2 : 1));
    }

    /** If this fails, look at what is done after the failed call: which outcome is told, and whether the log goes on. */
    @Test
    public final void required_S104_survivesTheFailureOfEachCallOnTheDisk() {
        List<Workload> workloads = List.of(
                Workload.of(Step.SMALL, Step.BATCH, Step.ASYNC, Step.SMALL),
                Workload.of(Step.CROSS, Step.ROTATE, Step.SMALL, Step.SYNC, Step.LARGE),
                Workload.of(Step.SMALL, Step.ROTATE, Step.DELETE, Step.SMALL),
                Workload.of(Step.SMALL, Step.REOPEN, Step.SMALL, Step.CLOSE, Step.SMALL));
        List<Runnable> tasks = new ArrayList<>();
        int number = 0;
        for (Workload workload : workloads) {
            for (String configuration : configurations()) {
                DiskProfile profile = PROFILES.get(number++ % PROFILES.size());
                if (full || number % 7 == 0) {
                    tasks.add(() -> new FaultSuite(subject(configuration), profile, workload, seed, 4, tally).run());
                }
            }
        }
        run(tasks);
    }

    /** If this fails, look at what is believed without a check, and at what is taken for the end of the log. */
    @Test
    public final void required_S105_givesTheDataOrALocatedErrorAfterAnyDamage() {
        List<Workload> workloads = List.of(
                Workload.of(Step.SMALL, Step.BATCH, Step.CROSS, Step.REOPEN, Step.SMALL, Step.SYNC, Step.CLOSE),
                Workload.of(Step.SMALL, Step.ROTATE, Step.SMALL, Step.DELETE, Step.SMALL, Step.CLOSE),
                Workload.of(Step.CROSS, Step.SYNC, Step.BATCH, Step.SYNC, Step.SMALL),
                Workload.of(Step.SMALL, Step.ROTATE, Step.SMALL, Step.SYNC));
        List<Runnable> tasks = new ArrayList<>();
        int number = 0;
        for (Workload workload : workloads) {
            for (String configuration : configurations()) {
                if (full || number++ % 6 == 0) {
                    int every = full ? 1 : 331;
                    tasks.add(() -> new DamageSuite(subject(configuration), workload, seed, every, tally).run());
                }
            }
        }
        run(tasks);
    }

    /** If this fails, look at the lock: how it is taken, and when it is freed. */
    @Test
    public final void required_S106_isOpenOnceAtATime() {
        for (String configuration : configurations()) {
            new ExclusionSuite(subject(configuration)).run();
        }
    }

    private List<Runnable> spread(List<Workload> workloads, int configurationsEach) {
        List<String> configurations = configurations();
        List<Runnable> tasks = new ArrayList<>();
        int number = 0;
        for (Workload workload : workloads) {
            for (int i = 0; i < configurationsEach; i++) {
                String configuration = configurations.get(number % configurations.size());
                DiskProfile profile = PROFILES.get(number / configurations.size() % PROFILES.size());
                number++;
                tasks.add(() -> powerCuts(configuration, profile, workload, full ? Effort.FULL : Effort.QUICK));
            }
        }
        return tasks;
    }

    private void powerCuts(String configuration, DiskProfile profile, Workload workload, Effort effort) {
        new PowerCutSuite(subject(configuration), profile, workload, seed, effort, tally).run();
    }

    private void run(List<Runnable> tasks) {
        if (!replay.isEmpty()) {
            replay();
            return;
        }
        tasks.parallelStream().forEach(task -> {
            try {
                task.run();
            } catch (CrashViolation e) {
                violations.add(e);
            }
        });
        report();
    }

    private void report() {
        CrashViolation first = violations.poll();
        if (first != null) {
            int more = violations.size();
            violations.stream().limit(SHOWN).forEach(first::addSuppressed);
            throw more == 0
                    ? first
                    : first.at("and " + more + " more; the first ones are suppressed exceptions of this");
        }
    }

    /** {@code configuration|profile|workload|seed|operation|state} or {@code …|seed|kind|call|sticky}. */
    private void replay() {
        List<String> parts = List.of(replay.split("\\|", -1));
        CrashSubject subject = subject(parts.get(0));
        String disk = parts.get(1).replace("+map", "");
        DiskProfile profile = PROFILES.stream()
                .filter(each -> each.name().equals(disk))
                .findFirst()
                .orElseThrow();
        Workload workload = Workload.parse(parts.get(2));
        long its = Long.parseLong(parts.get(3));
        if (parts.size() == 6) {
            new PowerCutSuite(subject, profile, workload, its, Effort.FULL, tally)
                    .replay(Integer.parseInt(parts.get(4)), parts.get(5));
        } else {
            Fault fault = new Fault(
                    Fault.Kind.valueOf(parts.get(4)),
                    Integer.parseInt(parts.get(5)),
                    Boolean.parseBoolean(parts.get(6)));
            new FaultSuite(subject, profile, workload, its, 4, tally).run(fault);
        }
    }
}
