package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.api.WalLockedException;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;

/** Opens a log twice. */
public final class ExclusionSuite {
    private final CrashSubject subject;

    /**
     * A suite.
     *
     * @param subject what is tested
     */
    public ExclusionSuite(CrashSubject subject) {
        this.subject = subject;
    }

    /**
     * Does it.
     *
     * @throws CrashViolation if the log can be open twice, or not again
     */
    public void run() {
        SimulatedDisk disk = new SimulatedDisk(subject.maps() ? DiskProfile.STRICT.mapping() : DiskProfile.STRICT);
        Wal first = subject.open(disk);
        boolean refused;
        try {
            subject.open(disk).close();
            refused = false;
        } catch (WalLockedException e) {
            refused = true;
        }
        if (!refused) {
            throw new CrashViolation(Rule.EXCLUSION, subject.name() + " opens a log that is open");
        }
        first.close();
        subject.open(disk).close();
    }
}
