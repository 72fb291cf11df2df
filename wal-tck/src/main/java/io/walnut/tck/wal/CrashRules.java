package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import io.walnut.tck.kit.Kit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Crashes of the process and of the machine. {@code CrashKit} looks closer, where a backend can sit on a given disk. */
abstract class CrashRules extends WalRules {
    private static final int ACKNOWLEDGED = 300;

    CrashRules() {}

    /** If this fails, look at what an append that has returned is: in the kernel at the least, never in the process only. */
    @Test
    final void optional_W951_losesNothingThatWasAcknowledgedWhenItsProcessIsKilled() throws Exception {
        checkOutlivesItsProcess();
        List<Position> told = new ArrayList<>();
        try (Victim victim = Victim.start(kit(), log(), Map.of())) {
            while (told.size() < ACKNOWLEDGED) {
                told.add(victim.nextAcknowledgement());
            }
            victim.kill();
        }
        for (int i = 0; i < told.size(); i++) {
            log().reference().acknowledged(told.get(i), Victim.record(i));
        }
        List<WalRecord> more = new ArrayList<>();
        for (int i = told.size(); i < Victim.MOST; i++) {
            more.add(Victim.record(i));
        }
        log().reference().uncertain(more);
        log().check(ReferenceLog.End.KILLED);
    }

    /** If this fails, look for the default charset, locale and time zone of the process that wrote, or of the one that reads. */
    @Test
    final void optional_W952_readsWhatAProcessOfOtherSurroundingsWrote() throws Exception {
        checkOutlivesItsProcess();
        Map<String, String> other = Map.of(
                "file.encoding",
                "ISO-8859-1",
                "user.language",
                "tr",
                "user.country",
                "TR",
                "user.timezone",
                "Asia/Kathmandu");
        try (Victim victim = Victim.start(kit(), log(), other)) {
            for (int i = 0; i < 20; i++) {
                log().reference().acknowledged(victim.nextAcknowledgement(), Victim.record(i));
            }
            victim.letClose();
        }
        List<WalRecord> more = new ArrayList<>();
        for (int i = 20; i < Victim.MOST; i++) {
            more.add(Victim.record(i));
        }
        log().reference().uncertain(more);
        log().check(ReferenceLog.End.CLOSED);
    }

    private void checkOutlivesItsProcess() {
        if (!kit().outlivesItsProcess()) {
            throw new TestAbortedException("what this configuration keeps does not outlive its process");
        }
    }

    /** If this fails, look at what is forced: what {@code sync()}, {@code durableEnd()} and futures call durable. */
    @Test
    final void optional_W961_losesNothingThatWasDurableWhenThePowerIsCut() {
        Random random = random();
        for (int round = 0; round < 10; round++) {
            ReferenceLog reference = new ReferenceLog();
            SimulatedDisk disk = new SimulatedDisk(DiskProfile.STRICT);
            Wal wal = onDisk(disk, reference);
            for (int i = random.nextInt(30); i >= 0; i--) {
                switch (random.nextInt(5)) {
                    case 0 -> wal.sync();
                    case 1 -> wal.appendBatch(records(i, 3));
                    case 2 -> wal.appendAsync(record(i)).join();
                    default -> wal.append(record(i));
                }
                Position durable = wal.durableEnd();
                assertTrue(durable.compareTo(wal.end()) <= 0);
            }
            SimulatedDisk after = disk.afterPowerCut();
            try (Wal again = onDisk(after, new ReferenceLog())) {
                reference.check(entries(again), ReferenceLog.End.POWER_LOST);
                assertEquals(again.end(), again.durableEnd(), Kit::replay);
            }
            wal.close();
        }
    }

    private Wal onDisk(SimulatedDisk disk, ReferenceLog reference) {
        return kit().openOn(disk, log().config())
                .map(wal -> new ShadowedWal(wal, reference))
                .orElseThrow(() -> new TestAbortedException("the backend cannot sit on a disk that the kit simulates"));
    }
}
