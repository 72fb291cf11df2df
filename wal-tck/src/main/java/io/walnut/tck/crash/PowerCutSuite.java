package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.tck.disk.CrashState;
import io.walnut.tck.disk.DiskHistory;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Operation;
import io.walnut.tck.disk.SimulatedDisk;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a workload, crashes it after each operation in every way and within writes, and checks what is recovered: once,
 * again after a power cut right behind the recovery, after crashes inside of it, and in a second life with other records.
 * For one thread.
 */
public final class PowerCutSuite {
    private final CrashSubject subject;
    private final DiskProfile profile;
    private final Workload workload;
    private final long seed;
    private final Effort effort;
    private final Tally tally;
    private final Set<Long> seen = new HashSet<>();
    private List<Operation> trace = List.of();
    private int states;
    private int variant; // of the second life after a state: the same wherever that is repeated

    /**
     * A suite for one workload.
     *
     * @param subject what is tested
     * @param profile on what kind of disk; made mappable if the subject maps
     * @param workload what is done
     * @param seed for what is random
     * @param effort how much is tried
     * @param tally counts
     */
    public PowerCutSuite(
            CrashSubject subject, DiskProfile profile, Workload workload, long seed, Effort effort, Tally tally) {
        this.subject = subject;
        this.profile = subject.maps() ? profile.mapping() : profile;
        this.workload = workload;
        this.seed = seed;
        this.effort = effort;
        this.tally = tally;
    }

    /**
     * Does it.
     *
     * @throws CrashViolation for the first rule that is broken
     */
    public void run() {
        tally.workload(subject.name() + " on " + profile);
        SimulatedDisk disk = new SimulatedDisk(profile);
        Life life = live(disk);
        Ledger whole = life.ledger();
        DiskHistory history = disk.history();
        trace = disk.trace();
        while (history.advance()) {
            int position = history.position();
            boolean differs = history.operation().kind().changes() || whole.promisedAt(position);
            List<CrashState> within = history.killedWithin();
            if (differs || !within.isEmpty()) {
                Ledger ledger = whole.until(position);
                if (differs) {
                    check(
                            position,
                            history.powerCuts(seed + position, effort.exhaustive(), effort.sampled()),
                            ledger,
                            true);
                    CrashState killed = new CrashState(DiskHistory.KILLED, history.fingerprint(), history.killed());
                    check(position, List.of(killed), ledger, false);
                }
                check(position, within, ledger, false);
            }
        }
    }

    private void check(int position, List<CrashState> crashes, Ledger ledger, boolean power) {
        Ledger.Bounds bounds = ledger.bounds(position, power);
        tally.states(crashes.size());
        for (CrashState crash : crashes) {
            if (tally.isOver() && tally.states() > 0) {
                return;
            }
            if (seen.add(crash.fingerprint() * (power ? 31 : 37) + bounds.hashCode())) {
                check(position, crash.id(), crash.disk(), ledger, bounds, power);
            }
        }
    }

    /**
     * Repeats one state.
     *
     * @param operation after so many operations
     * @param id which state then
     */
    public void replay(int operation, String id) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Ledger ledger = live(disk).ledger();
        trace = disk.trace();
        DiskHistory history = disk.history();
        while (history.position() < operation && history.advance()) {}
        boolean power = !id.startsWith(DiskHistory.KILLED);
        SimulatedDisk crashed = power ? history.powerCut(id, seed + operation) : history.killed(id);
        check(operation, id, crashed, ledger.until(operation), ledger.bounds(operation, power), power);
    }

    private Life live(SimulatedDisk disk) {
        Life life = new Life(subject, disk, new Ledger(), seed, true);
        located(
                () -> {
                    life.run(workload);
                    return life;
                },
                "",
                CrashReplay.token(subject, profile, workload, seed, 0, DiskHistory.KILLED),
                disk);
        return life;
    }

    private void check(
            int position, String id, SimulatedDisk crashed, Ledger ledger, Ledger.Bounds bounds, boolean power) {
        tally.distinctState();
        states++;
        variant = (31 * position + id.hashCode()) & 0xFFFF;
        String where = "after operation " + (position - 1) + ", state " + id;
        String token = CrashReplay.token(subject, profile, workload, seed, position, id);
        boolean second = states % effort.secondLifeEvery() == 0;
        boolean inside = states % effort.recoveryEvery() == 0;
        located(
                () -> {
                    checkState(crashed, ledger, bounds, power, second, inside);
                    return crashed;
                },
                where,
                token,
                crashed);
    }

    private void checkState(
            SimulatedDisk crashed, Ledger ledger, Ledger.Bounds bounds, boolean power, boolean second, boolean inside) {
        if (!power) {
            checkStrictly(crashed.afterKill(), ledger, bounds);
        }
        Wal wal = Recovered.open(subject, crashed, tally);
        crashed.observe();
        int opened = crashed.operations();
        Recovered recovered = Recovered.read(wal);
        Ledger next = Oracle.check(ledger, bounds, recovered);
        Oracle.checkLostPositions(next, wal);
        again(crashed.afterPowerCut(), recovered, Rule.RECOVERED_IS_DURABLE);
        if (subject.archives()) {
            checkArchive(crashed.afterKill(), ledger, recovered);
        }
        if (inside) {
            crashRecovery(crashed.history(), opened, ledger, power ? null : bounds, recovered);
        }
        if (second) {
            secondLife(crashed, wal, next, power);
        }
    }

    private void checkStrictly(SimulatedDisk killed, Ledger ledger, Ledger.Bounds bounds) {
        tally.opened();
        Wal wal;
        try {
            wal = subject.openStrictly(killed);
        } catch (WalException e) {
            throw new CrashViolation(
                    Rule.OPENS, "a strict recovery refuses what the death of the process left: " + e.getMessage(), e);
        }
        Oracle.check(ledger, bounds, Recovered.read(wal));
    }

    /** What is not in the log any more is in its archive, which is a log. */
    private void checkArchive(SimulatedDisk disk, Ledger ledger, Recovered recovered) {
        tally.opened();
        try {
            Oracle.checkArchive(ledger, Recovered.read(subject.openArchive(disk)), recovered);
        } catch (WalException e) {
            throw new CrashViolation(Rule.ARCHIVED, "the archive does not open: " + e.getMessage(), e);
        }
    }

    private void again(SimulatedDisk disk, Recovered first, Rule rule) {
        Recovered found = Recovered.of(subject, disk, tally);
        if (!found.same(first)) {
            throw new CrashViolation(rule, "a recovery found " + first + "; after another crash there are " + found);
        }
    }

    /** After a power cut every crash of the recovery leads to the same; after a mere kill it may still cost the tail. */
    private void crashRecovery(
            DiskHistory history, int opened, Ledger ledger, Ledger.@Nullable Bounds afterKill, Recovered recovered) {
        Set<Long> tried = new HashSet<>();
        while (history.position() < opened && history.advance()) {
            if (tally.isOver() && tally.states() > 0) {
                return;
            }
            if (!history.operation().kind().changes()) {
                continue;
            }
            for (CrashState cut : history.powerCuts(seed + history.position(), 0, effort.recoveryCrashes())) {
                if (!tried.add(cut.fingerprint())) {
                    continue;
                }
                tally.crashInRecovery();
                if (afterKill == null) {
                    again(cut.disk(), recovered, Rule.IDEMPOTENT);
                } else {
                    Ledger.Bounds least = new Ledger.Bounds(
                            0,
                            afterKill.most(),
                            afterKill.lowest(),
                            afterKill.highest(),
                            afterKill.instead(),
                            afterKill.checkpoints());
                    Oracle.check(ledger, least, Recovered.of(subject, cut.disk(), tally));
                }
            }
            if (tried.add(history.fingerprint() * 37)) { // a power cut that takes nothing leaves the same
                tally.crashInRecovery();
                SimulatedDisk killed = history.killed();
                again(killed, recovered, Rule.IDEMPOTENT);
                again(killed.afterPowerCut(), recovered, Rule.RECOVERED_IS_DURABLE);
            }
        }
    }

    private void secondLife(SimulatedDisk disk, Wal wal, Ledger next, boolean power) {
        tally.secondLife();
        Life life = new Life(subject, disk, next, seed + variant, true);
        life.adopt(wal);
        int from = disk.operations();
        life.liveOn(variant);
        if (!power || variant % 2 == 0) {
            life.step(Step.TRUNCATE);
        }
        if (variant % 3 == 1) {
            life.step(Step.DELETE);
        }
        Ledger ledger = life.ledger();
        DiskHistory history = disk.history();
        int end = disk.operations();
        int middle = from + (end - from) * (variant % 4) / 4;
        while (history.position() < middle && history.advance()) {}
        secondCrash(history, ledger);
        while (history.advance()) {}
        secondCrash(history, ledger);
    }

    private void secondCrash(DiskHistory history, Ledger whole) {
        int position = history.position();
        Ledger ledger = whole.until(position);
        List<CrashState> cuts = history.powerCuts(seed + variant, 0, effort.secondCrashes());
        tally.crashesInSecondLives(cuts.size() + 1);
        for (CrashState cut : cuts) {
            Oracle.check(ledger, ledger.bounds(position, true), Recovered.of(subject, cut.disk(), tally));
        }
        Oracle.check(ledger, ledger.bounds(position, false), Recovered.of(subject, history.killed(), tally));
    }

    private <T> T located(Supplier<T> action, String where, String token, SimulatedDisk disk) {
        try {
            return action.get();
        } catch (CrashViolation e) {
            throw e.at(context(where, disk), token);
        } catch (RuntimeException | Error e) {
            throw new CrashViolation(Rule.OPENS, "something nobody expects: " + e, e).at(context(where, disk), token);
        }
    }

    private String context(String where, SimulatedDisk disk) {
        return subject.name() + " on " + profile + ", workload " + workload + ", seed " + seed + " " + where
                + "\n  first life:" + CrashViolation.tail(trace) + "\n  last life:" + CrashViolation.tail(disk.trace());
    }
}
