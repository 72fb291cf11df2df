package io.walnut.tck.crash;

import io.walnut.tck.disk.CrashState;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Fault;
import io.walnut.tck.disk.SimulatedDisk;

/**
 * Has each call on the disk fail in turn, once and for ever, in every way, and checks that each append has one outcome,
 * that the log stops after a failed force, and what is recovered afterwards. For one thread.
 */
public final class FaultSuite {
    /** How many states of a power cut are tried after each fault, if nothing else is wanted. */
    public static final int CUTS = 4;

    private final CrashSubject subject;
    private final DiskProfile profile;
    private final Workload workload;
    private final long seed;
    private final int cuts;
    private final Tally tally;

    /**
     * A suite for one workload.
     *
     * @param subject what is tested
     * @param profile on what kind of disk; made mappable if the subject maps
     * @param workload what is done; should append something at its end
     * @param seed for what is random
     * @param cuts how many states of a power cut are tried after each fault
     * @param tally counts
     */
    public FaultSuite(CrashSubject subject, DiskProfile profile, Workload workload, long seed, int cuts, Tally tally) {
        this.subject = subject;
        this.profile = subject.maps() ? profile.mapping() : profile;
        this.workload = workload;
        this.seed = seed;
        this.cuts = cuts;
        this.tally = tally;
    }

    /**
     * Runs the workload once for each kind of fault at each call on the disk.
     *
     * @throws CrashViolation for the first rule that is broken
     */
    public void run() {
        run(1);
    }

    /**
     * Runs the workload once for each kind of fault at one in so many calls on the disk; the seed chooses the first.
     *
     * @param every 1 for all calls
     * @throws CrashViolation for the first rule that is broken
     */
    public void run(int every) {
        tally.workload(subject.name() + " on " + profile);
        SimulatedDisk healthy = new SimulatedDisk(profile);
        new Life(subject, healthy, new Ledger(), seed, true).run(workload);
        int calls = healthy.calls();
        long shift = seed;
        for (Fault.Kind kind : Fault.Kind.values()) {
            for (int call = Math.floorMod(shift++, every); call < calls; call += every) {
                run(new Fault(kind, call, false));
                if (kind != Fault.Kind.INTERRUPT) {
                    run(new Fault(kind, call, true));
                }
            }
        }
    }

    /** Does it for one fault. */
    public void run(Fault fault) {
        if (tally.isOver() && tally.faults() > 0) {
            return;
        }
        tally.fault();
        SimulatedDisk disk = new SimulatedDisk(profile);
        try {
            disk.inject(fault);
            boolean interrupts = fault.kind() == Fault.Kind.INTERRUPT;
            Life life = new Life(subject, disk, new Ledger(), seed, interrupts);
            life.run(workload);
            boolean interrupted = Thread.interrupted();
            if (interrupts && !interrupted && disk.calls() > fault.call()) {
                throw new CrashViolation(Rule.ONE_OUTCOME, "the interrupt of the calling thread was swallowed");
            }
            disk.inject(null);
            life.step(Step.SMALL);
            recover(disk, life.ledger());
            life.close();
            recover(disk, life.ledger());
        } catch (CrashViolation e) {
            throw e.at(context(fault, disk), CrashReplay.token(subject, profile, workload, seed, fault));
        } catch (RuntimeException | Error e) {
            throw new CrashViolation(Rule.ONE_OUTCOME, "something nobody expects: " + e, e)
                    .at(context(fault, disk), CrashReplay.token(subject, profile, workload, seed, fault));
        } finally {
            Thread.interrupted();
        }
    }

    private void recover(SimulatedDisk disk, Ledger ledger) {
        int now = disk.operations();
        SimulatedDisk killed = disk.afterKill();
        recover(killed, ledger, ledger.bounds(now, false), "killed");
        for (CrashState cut : disk.powerCuts(seed + now, 0, cuts)) {
            recover(cut.disk(), ledger, ledger.bounds(now, true), "power cut " + cut.id());
        }
    }

    private void recover(SimulatedDisk disk, Ledger ledger, Ledger.Bounds bounds, String what) {
        tally.crashAfterFault();
        try {
            Recovered recovered = Recovered.of(subject, disk, tally);
            Oracle.check(ledger, bounds, recovered);
            SimulatedDisk cut = disk.afterPowerCut();
            Recovered again = Recovered.of(subject, cut, tally);
            if (!again.same(recovered)) {
                throw new CrashViolation(
                        Rule.RECOVERED_IS_DURABLE,
                        "a recovery found " + recovered + "; after a power cut there are " + again);
            }
        } catch (CrashViolation e) {
            throw e.at("recovering, " + what + ":" + CrashViolation.tail(disk.trace()));
        }
    }

    private String context(Fault fault, SimulatedDisk disk) {
        return subject.name() + " on " + profile + ", workload " + workload + ", seed " + seed + ", " + fault
                + CrashViolation.tail(disk.trace());
    }
}
