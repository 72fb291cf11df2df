package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.tck.disk.DiskProfile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Quiet.class)
class CampaignTimeTest {
    private static final String CONFIGURATION = "mapped-zero-always-none";

    /** A whole suite of damage takes many times as long. */
    @Test
    void aSuiteMakesOneTrialWhenTheTimeIsOver() {
        Tally over = new Tally();
        assertEquals(List.of("crashes", "faults", "damage"), over.untried());
        over.endAfter(Duration.ZERO);
        Workload workload = Workload.of(Step.SMALL, Step.CLOSE);
        CrashSubject subject = EngineConfigurations.named(CONFIGURATION);
        new DamageSuite(subject, workload, 1, 1, over).run();
        new PowerCutSuite(subject, DiskProfile.STRICT, workload, 1, Effort.QUICK, over).run();
        new FaultSuite(subject, DiskProfile.STRICT, workload, 1, 1, over).run();
        assertEquals(List.of(), over.untried());
        assertEquals(1, over.damages());
        assertEquals(1, over.faults());
    }

    @Test
    void aCampaignTriesEachKindFirst() throws InterruptedException {
        Tally tally = new Tally();
        new CrashCampaign(List.of(CONFIGURATION), EngineConfigurations::named, 23, tally).run(Duration.ofDays(1), 3);
        assertEquals(List.of(), tally.untried());
        assertTrue(tally.workloads() >= 2, tally::toString);
        assertEquals(false, tally.isOver());
    }
}
