package io.walnut.tck.crash;

import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Fault;
import java.util.List;
import java.util.function.Function;

/**
 * Repeats what broke a rule, alone, from what {@link CrashViolation#replay} tells: {@code
 * configuration|disk|workload|seed|operation|state}, {@code configuration|disk|workload|seed|fault|call|sticky} or {@code
 * configuration|damage|workload|seed|every|number|-}.
 */
public final class CrashReplay {
    private static final String DAMAGE = "damage";
    private static final int STATE_PARTS = 6;
    private static final int OTHER_PARTS = 7;

    private CrashReplay() {}

    static String token(
            CrashSubject subject, DiskProfile disk, Workload workload, long seed, int operation, String id) {
        return token(subject, disk.name(), workload, seed, operation + "|" + id);
    }

    static String token(CrashSubject subject, DiskProfile disk, Workload workload, long seed, Fault fault) {
        return token(subject, disk.name(), workload, seed, fault.kind() + "|" + fault.call() + "|" + fault.sticky());
    }

    static String token(CrashSubject subject, Workload workload, long seed, int every, int number) {
        return token(subject, DAMAGE, workload, seed, every + "|" + number + "|-");
    }

    private static String token(CrashSubject subject, String disk, Workload workload, long seed, String what) {
        return subject.name().replace('|', '-') + "|" + disk + "|" + workload + "|" + seed + "|" + what;
    }

    /**
     * Does it once more.
     *
     * @param token what a violation told
     * @param subjects makes the subject from the name of its configuration
     * @param tally counts
     * @throws CrashViolation if a rule is broken again
     * @throws IllegalArgumentException if it is no such token
     */
    public static void run(String token, Function<String, CrashSubject> subjects, Tally tally) {
        List<String> parts = List.of(token.split("\\|", -1));
        if (parts.size() != STATE_PARTS && parts.size() != OTHER_PARTS) {
            throw new IllegalArgumentException("'" + token + "' is not what a violation tells to replay it");
        }
        CrashSubject subject = subjects.apply(parts.get(0));
        Workload workload = Workload.parse(parts.get(2));
        long seed = Long.parseLong(parts.get(3));
        if (parts.get(1).equals(DAMAGE)) {
            new DamageSuite(subject, workload, seed, Integer.parseInt(parts.get(4)), tally)
                    .replay(Integer.parseInt(parts.get(5)));
            return;
        }
        DiskProfile disk = disk(parts.get(1));
        if (parts.size() == STATE_PARTS) {
            new PowerCutSuite(subject, disk, workload, seed, Effort.WHOLE, tally)
                    .replay(Integer.parseInt(parts.get(4)), parts.get(5));
        } else {
            Fault fault = new Fault(
                    Fault.Kind.valueOf(parts.get(4)),
                    Integer.parseInt(parts.get(5)),
                    Boolean.parseBoolean(parts.get(6)));
            new FaultSuite(subject, disk, workload, seed, FaultSuite.CUTS, tally).run(fault);
        }
    }

    private static DiskProfile disk(String name) {
        String plain = name.replace("+map", "");
        return CrashCampaign.PROFILES.stream()
                .filter(each -> each.name().equals(plain))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no disk '" + name + "'"));
    }
}
