package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Operation;
import io.walnut.tck.disk.SimulatedDisk;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mapped writer is stopped after each single store: whatever prefix of the stores is there reads as a clean end. */
class PublishOrderTest {
    private static final Effort EFFORT = new Effort(3, 3, 4, 1, 40, 1);
    private static final List<Workload> WORKLOADS = List.of(
            Workload.of(Step.SMALL, Step.SMALL),
            Workload.of(Step.CROSS, Step.BATCH, Step.SMALL),
            Workload.of(Step.BATCH, Step.SYNC, Step.LARGE, Step.SMALL),
            Workload.of(Step.SMALL, Step.ROTATE, Step.SMALL),
            Workload.of(Step.SMALL, Step.REOPEN, Step.BATCH, Step.CLOSE, Step.SMALL));

    @ParameterizedTest
    @ValueSource(strings = {"always", "batch", "os"})
    void everyPrefixOfTheStoresOfAnAppendLeavesACleanLog(String fsync) {
        Tally tally = new Tally();
        WORKLOADS.parallelStream()
                .map(workload ->
                        new PowerCutSuite(new ObservedSubject(fsync), DiskProfile.STRICT, workload, 1, EFFORT, tally))
                .forEach(PowerCutSuite::run);
        System.out.println("store by store, " + fsync + ": " + tally);
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "batch", "os"})
    void aStoreIsAnOperationOfItsOwn(String fsync) {
        SimulatedDisk disk = new SimulatedDisk(DiskProfile.STRICT.mapping());
        new Life(new ObservedSubject(fsync), disk, new Ledger(), 1, true).run(Workload.of(Step.CROSS));
        long stores = disk.trace().stream()
                .filter(each -> each.kind() == Operation.Kind.STORE && each.length() <= Long.BYTES)
                .count();
        assertTrue(stores > 500 / Long.BYTES, () -> stores + " stores for a record of 600 bytes");
    }
}
