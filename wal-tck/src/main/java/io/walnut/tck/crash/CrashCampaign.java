package io.walnut.tck.crash;

import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Random workloads, configurations, disks, crashes, faults and damage for as long as wanted. */
public final class CrashCampaign {
    /** Every kind of disk that the suites use. */
    static final List<DiskProfile> PROFILES =
            List.of(DiskProfile.STRICT, DiskProfile.TORN, DiskProfile.EXT4, DiskProfile.ORDERED);

    private static final int LONGEST = 6;
    private static final int FAULTS = 80;
    private static final int FORCED = 3;
    private static final int DAMAGE_EVERY = 997;
    private static final int ENOUGH = 20;

    private final List<String> configurations;
    private final Function<String, CrashSubject> subject;
    private final AtomicLong seed;
    private final Tally tally;
    private final Queue<CrashViolation> violations = new ConcurrentLinkedQueue<>();

    /**
     * A campaign.
     *
     * @param configurations names of configurations
     * @param subject makes a new subject from such a name; called by several threads
     * @param seed of the first workload; each further one has the next
     * @param tally counts
     */
    public CrashCampaign(List<String> configurations, Function<String, CrashSubject> subject, long seed, Tally tally) {
        this.configurations = List.copyOf(configurations);
        this.subject = subject;
        this.seed = new AtomicLong(seed);
        this.tally = tally;
    }

    /** {@return the violations so far} */
    public List<CrashViolation> violations() {
        return List.copyOf(violations);
    }

    /**
     * Runs on all processors, until the time is over, so many workloads were run, or there are violations enough to look at.
     *
     * @param time how long; the trial that is under way then is finished, and each kind is tried once at least
     * @param workloads how many
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void run(Duration time, long workloads) throws InterruptedException {
        long start = System.nanoTime();
        tally.endAfter(time);
        long first = seed.get();
        long end = first + Math.min(workloads, Long.MAX_VALUE / 2);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(
                    () -> {
                        while (violations.size() < ENOUGH) {
                            long next = seed.getAndIncrement();
                            boolean over = System.nanoTime() - start >= time.toNanos();
                            if (next >= end || over && next - first >= FORCED) {
                                return;
                            }
                            one(next, next - first);
                        }
                    },
                    "crash-campaign-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            tally.endNever();
        }
    }

    private void one(long its, long number) {
        Random random = new Random(its);
        String configuration = configurations.get(random.nextInt(configurations.size()));
        DiskProfile profile = PROFILES.get(random.nextInt(PROFILES.size()));
        Workload workload = Workload.samples(random.nextLong(), 1, 1, LONGEST).get(0);
        CrashSubject one = subject.apply(configuration);
        try {
            switch (number < FORCED ? (int) number : random.nextInt(8)) { // each kind first, however short the time
                case 0 -> faults(random, new FaultSuite(one, profile, workload, its, FaultSuite.CUTS, tally));
                case 1 -> new DamageSuite(one, workload, its, DAMAGE_EVERY, tally).run();
                default -> {
                    Effort effort = random.nextInt(4) == 0 ? Effort.THOROUGH : Effort.QUICK;
                    new PowerCutSuite(one, profile, workload, its, effort, tally).run();
                }
            }
        } catch (CrashViolation e) {
            violations.add(e);
        }
    }

    private static void faults(Random random, FaultSuite suite) {
        Fault.Kind[] kinds = Fault.Kind.values();
        for (int i = 0; i < FAULTS; i++) {
            Fault.Kind kind = kinds[random.nextInt(kinds.length)];
            boolean sticky = kind != Fault.Kind.INTERRUPT && random.nextBoolean();
            suite.run(new Fault(kind, random.nextInt(FAULTS), sticky));
        }
    }
}
