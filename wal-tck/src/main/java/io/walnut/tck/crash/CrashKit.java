package io.walnut.tck.crash;

import io.walnut.tck.disk.DiskProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * What every log on a {@code Storage} must survive: extend it, name its configurations, run it with JUnit.
 *
 * <p>A run tries a share of all workloads and configurations, another one each day. System properties: {@code
 * walnut.crash.seed}, which a run prints, for the share of another day; {@code walnut.crash.full=true} for every
 * configuration, every workload of three steps, every bit and more states; {@code walnut.crash.minutes} for random ones
 * as long as there is time; {@code walnut.crash.replay} with what a failure tells, to see that one alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CrashKit {
    private static final int SAMPLES = 30;
    private static final int CAMPAIGN = 20;
    private static final int SHORT_CAMPAIGN = 5;

    /** How many of a hundred workloads and configurations a run tries that is not full. */
    private static final int SHARE = 5;

    /** One in so many calls on the disk fails, one after the other, in a run that is not full. */
    private static final int FAULT_EVERY = 4;

    private static final int LEAST = 8;
    private static final int SHOWN = 20;

    private static final List<Workload> UPKEEP = List.of(
            Workload.of(Step.SMALL, Step.CHECKPOINT, Step.SMALL, Step.CHECKPOINT, Step.CROSS, Step.CHECKPOINT),
            Workload.of(Step.CHECKPOINT, Step.REOPEN, Step.BATCH, Step.CHECKPOINT, Step.ELAPSE, Step.CLOSE),
            Workload.of(Step.SMALL, Step.ROTATE, Step.CHECKPOINT, Step.ROTATE, Step.ELAPSE, Step.SMALL),
            Workload.of(Step.SMALL, Step.ELAPSE, Step.ELAPSE, Step.SMALL, Step.ELAPSE, Step.ELAPSE, Step.CHECKPOINT),
            Workload.of(Step.SMALL, Step.ROTATE, Step.ELAPSE, Step.ROTATE, Step.ELAPSE, Step.SMALL, Step.CLOSE));
    private static final Workload CUT_OFF = Workload.of(
            Step.SMALL, Step.CHECKPOINT, Step.BATCH, Step.CHECKPOINT, Step.TRUNCATE, Step.SMALL, Step.CHECKPOINT);

    private final Budget budget = Budget.fromProperties();
    private final long seed = budget.seed();
    private final boolean full = budget.full();
    private final String replay = System.getProperty("walnut.crash.replay", "");
    private final Tally tally = new Tally();
    private final long start = System.nanoTime();

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

    /** {@return the names of further configurations, of logs that keep checkpoints and retain only what is needed} */
    protected List<String> upkeepConfigurations() {
        return List.of();
    }

    /** Prints what was tried. */
    @AfterAll
    void tell() {
        System.out.printf(
                "%s: %s, in %d s; %s%n",
                getClass().getSimpleName(), tally, (System.nanoTime() - start) / 1_000_000_000, budget);
    }

    /** If this fails, look at what the state lacks: a force, or an order. The message tells how to see it alone. */
    @Test
    public final void required_S101_survivesACrashAfterEveryOperationOfEveryStep() {
        List<Runnable> tasks = new ArrayList<>();
        Random random = new Random(seed);
        for (Workload workload : Workload.allOfLength(1)) {
            for (String configuration : some(random, 2)) {
                DiskProfile profile = profile(random);
                tasks.add(() -> powerCuts(configuration, profile, workload, full ? Effort.FULL : Effort.THOROUGH));
            }
        }
        run(tasks);
    }

    /** As S101. */
    @Test
    public final void required_S102_survivesACrashAfterEveryOperationOfEveryTwoSteps() {
        run(spread(Workload.allOfLength(2), full ? configurations().size() : 4));
    }

    /** As S101. */
    @Test
    public final void required_S103_survivesACrashAfterEveryOperationOfLongerWorkloads() {
        List<Workload> workloads = new ArrayList<>(Workload.samples(seed, full ? 10 * SAMPLES : SAMPLES, 3, 6));
        if (full) {
            workloads.addAll(Workload.allOfLength(3));
        }
        run(spread(workloads, 2));
    }

    /** If this fails, look at what is done after the failed call: which outcome is told, and whether the log goes on. */
    @Test
    public final void required_S104_survivesTheFailureOfEachCallOnTheDisk() {
        List<Workload> workloads = List.of(
                Workload.of(Step.SMALL, Step.BATCH, Step.ASYNC, Step.SMALL),
                Workload.of(Step.CROSS, Step.ROTATE, Step.SMALL, Step.SYNC, Step.LARGE),
                Workload.of(Step.SMALL, Step.ROTATE, Step.DELETE, Step.SMALL),
                Workload.of(Step.STREAM, Step.SMALL, Step.STREAM, Step.DELETE, Step.SMALL),
                Workload.of(Step.BATCH, Step.ROTATE, Step.SMALL, Step.TRUNCATE, Step.SMALL, Step.TRUNCATE, Step.SMALL),
                Workload.of(Step.SMALL, Step.REOPEN, Step.SMALL, Step.CLOSE, Step.SMALL));
        List<Runnable> tasks = new ArrayList<>();
        Random random = new Random(seed);
        for (Workload workload : workloads) {
            for (String configuration : some(random, 5)) {
                DiskProfile profile = profile(random);
                tasks.add(() -> faults(configuration, profile, workload));
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
                Workload.of(Step.SMALL, Step.BATCH, Step.ROTATE, Step.SMALL, Step.TRUNCATE, Step.SMALL, Step.CLOSE),
                Workload.of(Step.BATCH, Step.BATCH, Step.BATCH, Step.TRUNCATE),
                Workload.of(Step.SMALL, Step.ROTATE, Step.SMALL, Step.SYNC));
        List<Runnable> tasks = new ArrayList<>();
        Random random = new Random(seed);
        for (Workload workload : workloads) {
            for (String configuration : some(random, 6)) {
                int every = full ? 31 : 331;
                tasks.add(() -> new DamageSuite(subject(configuration), workload, seed, every, tally).run());
            }
        }
        List<String> exhausted = new ArrayList<>(configurations());
        Collections.shuffle(exhausted, random);
        for (String configuration : exhausted.subList(0, Math.min(exhausted.size(), full ? 5 : 1))) {
            for (Workload workload : full ? workloads : workloads.subList(0, 1)) {
                tasks.add(() -> new DamageSuite(subject(configuration), workload, seed, 1, tally).run());
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

    /** If this fails, look at what is forced before a checkpoint is, at what is deleted before it is archived, and at timers. */
    @Test
    public final void optional_S108_keepsCheckpointsAndWhatTheyHoldThroughCrashesAndFaults() {
        List<String> upkeep = upkeepConfigurations();
        if (upkeep.isEmpty()) {
            throw new TestAbortedException("there is no configuration with upkeep");
        }
        List<Runnable> tasks = new ArrayList<>();
        Random random = new Random(seed);
        for (String configuration : upkeep) {
            for (Workload workload : UPKEEP) {
                DiskProfile profile = profile(random);
                tasks.add(() -> powerCuts(configuration, profile, workload, full ? Effort.FULL : Effort.QUICK));
                if (!subject(configuration).archives()) {
                    tasks.add(() -> faults(configuration, profile, workload));
                }
            }
        }
        for (String configuration : some(random, 5)) {
            tasks.add(() -> powerCuts(configuration, DiskProfile.TORN, CUT_OFF, full ? Effort.FULL : Effort.QUICK));
        }
        run(tasks);
    }

    /** As the others; what is done is random, for {@code walnut.crash.minutes}, or a few workloads. */
    @Test
    public final void required_S107_survivesRandomCrashesFaultsAndDamage() throws InterruptedException {
        String minutes = System.getProperty("walnut.crash.minutes", "");
        Duration time = minutes.isEmpty() ? Duration.ofDays(1) : Duration.ofMinutes(Long.parseLong(minutes));
        if (replay.isEmpty()) {
            CrashCampaign campaign = new CrashCampaign(configurations(), this::subject, seed, tally);
            campaign.run(time, minutes.isEmpty() ? (full ? CAMPAIGN : SHORT_CAMPAIGN) : Long.MAX_VALUE);
            report(campaign.violations());
        }
    }

    private List<String> some(Random random, int oneOf) {
        List<String> some = new ArrayList<>(configurations());
        some.removeIf(each -> !full && random.nextInt(oneOf) > 0);
        return some;
    }

    private static DiskProfile profile(Random random) {
        return CrashCampaign.PROFILES.get(random.nextInt(CrashCampaign.PROFILES.size()));
    }

    private List<Runnable> spread(List<Workload> workloads, int configurationsEach) {
        List<String> configurations = configurations();
        List<Runnable> tasks = new ArrayList<>();
        int number = 0;
        for (Workload workload : workloads) {
            for (int i = 0; i < configurationsEach; i++) {
                String configuration = configurations.get(number % configurations.size());
                DiskProfile profile =
                        CrashCampaign.PROFILES.get(number / configurations.size() % CrashCampaign.PROFILES.size());
                number++;
                tasks.add(() -> powerCuts(configuration, profile, workload, full ? Effort.FULL : Effort.QUICK));
            }
        }
        return tasks;
    }

    private void powerCuts(String configuration, DiskProfile profile, Workload workload, Effort effort) {
        new PowerCutSuite(subject(configuration), profile, workload, seed, effort, tally).run();
    }

    private void faults(String configuration, DiskProfile profile, Workload workload) {
        new FaultSuite(subject(configuration), profile, workload, seed, FaultSuite.CUTS, tally)
                .run(full ? 1 : FAULT_EVERY);
    }

    private void run(List<Runnable> tasks) {
        if (!replay.isEmpty()) {
            CrashReplay.run(replay, this::subject, tally);
            return;
        }
        Queue<CrashViolation> violations = new ConcurrentLinkedQueue<>();
        budget.choose(tasks, LEAST, SHARE).parallelStream().forEach(task -> {
            try {
                task.run();
            } catch (CrashViolation e) {
                violations.add(e);
            }
        });
        report(List.copyOf(violations));
    }

    private void report(List<CrashViolation> violations) {
        if (violations.isEmpty()) {
            return;
        }
        CrashViolation first = violations.get(0);
        first = first.at("to see it alone: ./mvnw test -pl wal-tck -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
                + getClass().getSimpleName() + " -Dwalnut.crash.replay='" + first.replay() + "'");
        if (violations.size() > 1) {
            first = first.at(
                    "and " + (violations.size() - 1) + " more; the first ones are suppressed exceptions of this");
        }
        violations.stream().skip(1).limit(SHOWN).forEach(first::addSuppressed);
        throw first;
    }
}
